"""Sample sites on the loopback interface: made-up publishers that `make demo` and the tests crawl."""
