r"""Attacks on pages that show what others wrote. Whatever of them runs sets `ran`, or opens a dialog.

Kinds after OWASP's cheat sheet on filter evasion (event handlers, encodings, broken markup), Heiderich and
others, "mXSS Attacks" (2013), Boucher and Anderson, "Trojan Source" (2021), and RFC 3986; the texts are our own.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.article import Article, Evidence, Source
from index.backend import Backend
from tests.index.contract.stories import fold_into_one_story
from tests.make import make_article

MARKUP = (
    "<script>ran=1</script>",
    "<ScRiPt >ran=1</sCrIpT>",
    "<script/x>ran=1</script/x>",
    "<scr<script>ipt>ran=1</scr</script>ipt>",
    "<script\x0bsrc=data:,ran=1></script>",
    "<img src=x onerror=ran=1>",
    "<img/src=`x`onerror=ran=1>",
    "<img src onerror=alert`1`//",
    "<svg onload=ran=1>",
    "<svg/onload=&#x72;an=1>",
    "<svg><script>ran&#61;1</script></svg>",
    "<svg><animate onbegin=ran=1 attributeName=x dur=1s>",
    "<svg><set attributeName=href to=javascript:ran=1 /><a><text>x</text></a></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>parent.ran=1</script>'></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img src=x onerror=ran=1>",
    "<body onload=ran=1><body/onpageshow=ran=1>",
    "<details open ontoggle=ran=1>",
    "<input autofocus onfocus=ran=1>",
    "<video><source onerror=ran=1></video><audio src=x onerror=ran=1>",
    "<marquee onstart=ran=1>",
    "<div popover id=p onbeforetoggle=ran=1></div><button autofocus popovertarget=p>",
    "<iframe src=javascript:parent.ran=1></iframe>",
    "<iframe srcdoc='&lt;script&gt;parent.ran=1&lt;/script&gt;'></iframe>",
    "<object data=data:text/html,<script>parent.ran=1</script>></object><embed src=//evil.example>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<base href=//evil.example/><link rel=stylesheet href=//evil.example/x.css>",
    "<form action=//evil.example><button autofocus>x</form>",
    "<template shadowrootmode=open><script>ran=1</script></template>",
)
LEAVING = (  # the element or attribute that the text stands in
    '"><script>ran=1</script>',
    "' onmouseover='ran=1' autofocus onfocus='ran=1",
    '" onfocus="ran=1" autofocus x="',
    "` onmouseover=ran=1 x=`",
    "</title><script>ran=1</script>",
    "</textarea></style></noscript></template><img src=x onerror=ran=1>",
    "</bdi></a></h2></article></main><script>ran=1</script>",
    "--><script>ran=1</script><!--",
    "]]><script>ran=1</script>",
    "?><?php ran=1 ?><!ENTITY x 'y'>&x;",
    "<noscript><p title='</noscript><img src=x onerror=ran=1>'>",
    "<p title=\"</p><style><a title='</style><img src=x onerror=ran=1>'>\">",
    "<select><option><style></option></select><img src=x onerror=ran=1></style>",
    "</svg><desc><table><tr><img src=x onerror=ran=1>",
)
WRITTEN_OTHERWISE = (  # what becomes markup where it is decoded once too often, or cut in a wrong place
    "&lt;script&gt;ran=1&lt;/script&gt;",
    "&amp;lt;img src=x onerror=ran=1&amp;gt;",
    "&#60;img src=x onerror=ran=1&#62;&#x3c;svg onload=ran=1&#x3e;&LT;x&GT;",
    "%3Cscript%3Eran=1%3C/script%3E",
    r"\u003cscript\u003eran=1\u003c/script\u003e \x3cimg src=x onerror=ran=1\x3e",
    "+ADw-script+AD4-ran+AD0-1+ADw-/script+AD4-",
    "＜script＞ran=1＜/script＞ ‹img src=x onerror=ran=1›",
    "\ufeff<\u200bscript>ran=1</\u00adscript>",
    "<sc\x00ript>ran=1</sc\x00ript><\x00img src=x onerror=ran=1>",
    "<ımg src=x onerror=ran=1><ſcript>ran=1</ſcript>",
    "\ue000мост\ue001<img src=x onerror=ran=1>\ue001\ue000",
    "<mark>мост</mark><mark onmouseover=ran=1>",
)
TEMPLATES = (
    "{{ 7*7 }}{% raw %}{{ ''.__class__.__mro__ }}",
    "{% include '/etc/passwd' %}{# x #}${ran=1}#{ran=1}<%= ran=1 %>",
    "{{constructor.constructor('ran=1')()}}",
    "{text} {n} {0} {text.__class__} %s %(text)s",
)
STYLES = (
    "<style>@import '//evil.example/x.css';*{display:none}</style>",
    "<b style=\"background:url('//evil.example/x');position:fixed;inset:0\">x</b>",
    "</style><style>:root{--ink:var(--paper)}</style>",
    "x;background:url(https://evil.example/x)}",
)
LETTERS = (
    "\u202eтсом\u202d мост \u2066\u2067\u202bмост",
    "\u2067\u2067\u2067 \u200f\u061cמוסט مجسر",
    "Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a" * 30,
    "\ufdfd\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f3f4\U000e0067\U000e007f\ufffe\uffff",
    "\ufffd\x80\x9f\u2028ran=1\u2029\x85\x0c\x0b\x1b[31m\x07",
    "м" * 400,
    "a" * 200 + "-" + "W" * 200,
)
QUERIES = (  # operators of the query language around an attack
    '"<img src=x onerror=ran=1>',
    "мост OR (<svg onload=ran=1>",
    "<script>:ran=1",
    "after:<img/src/onerror=ran=1>",
    "source:«</title><script>ran=1</script>»",
    "-site:'\"><svg/onload=ran=1> мост*",
)
TEXTS = (*MARKUP, *LEAVING, *WRITTEN_OTHERWISE, *TEMPLATES, *STYLES, *LETTERS)
ADDRESSES = (
    "javascript:ran=1",
    "JaVaScRiPt:ran=1//https://a.example/",
    "java\tscript:ran=1",
    "java\nscript:ran=1",
    "\x01javascript:ran=1",
    " \u00a0javascript:ran=1",
    "javascript&colon;ran=1",
    "javascript://a.example/%0aran=1",
    "feed:javascript:ran=1",
    "view-source:javascript:ran=1",
    "vbscript:ran=1",
    "data:text/html,<script>opener.ran=1</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "blob:https://a.example/x",
    "file:///etc/passwd",
    "//evil.example/x",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https:///evil.example",
    "http://[::1",
    "https://a.example:x/",
    "https://a.example\\@evil.example/",
    'https://a.example/"onclick="ran=1',
    "https://a.example/'><script>ran=1</script>",
    "https://a.example/\u202ehtml.exe",
    "https://a.example/" + "x" * 1_500,
    "https://a.example/\r\nSet-Cookie:a=b",
    " ",
)
BYTES = (  # of a query in an address: damaged and overlong UTF-8, a lone surrogate, NUL
    "%ff%fe", "%c0%bcscript%c0%beran=1", "%f0%9f%98", "%ed%a0%80", "%00%3Cscript%3Eran=1%3C/script%3E",
    "%E2%80%AE%3Csvg/onload=ran=1%3E", "%25%33%43script%25%33%45", "%u003cscript%u003eran=1", "<svg/onload=ran=1>",
    "%", "%zz<img/src/onerror=ran=1>", "%0d%0aSet-Cookie:a=b%0d%0a%0d%0a<script>ran=1</script>",
)  # fmt: skip


def articles() -> Iterator[Article]:
    """An article for each text, which stands wherever an article can have one; every address has its turn."""
    for n, text in enumerate(TEXTS):
        sign = Evidence(kind="own_site", name=text, domain="a.example", text=text, confidence=1.0)
        yield make_article(
            id=f"{n:032x}",
            content_hash=f"{n:032x}",
            url=ADDRESSES[n % len(ADDRESSES)],
            site=text if n % 3 else "a.example",
            domain="a.example",
            title=f"{text} мост {text}",
            lead=text,
            body=f"{text} мост {text}\n\n{text}",
            authors=[text, f"Мост {text}"],
            section=text,
            source=Source(name=text, domain="a.example", confidence=1.0, evidence=[sign]),
        )


def fill_hostile(backend: Backend) -> None:
    """Store them, all in one story of which the first is the original."""
    made = list(articles())
    backend.put(made)
    fold_into_one_story(backend, *backend.get([each.id for each in made]).values())
