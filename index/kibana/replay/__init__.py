"""The requests that Kibana sends to Elasticsearch for our saved objects, built from the objects themselves.

Where no Kibana is at hand they show that everything it will ask is answered. Kibana sends searches to
`_async_search`, which takes the same body; here they go to `_search`, which every distribution has.
"""
