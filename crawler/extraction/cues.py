"""Lines that stand in an article without being part of it, per language; data for crawler.extraction.clean.

Each pattern is matched at the start of a line with case folded. A short line that begins so is dropped
when it is mostly a link, ends in a colon or is only the cue; `_ALWAYS` patterns need no more.
"""

from __future__ import annotations

import re

# "Read also", "more on this": followed by a headline of another article.
READ_ALSO = {
    "ru": (
        r"читайте? (?:также|ещ[её]|далее|больше|подробнее|на эту тему|по теме|материал\w*|в сюжете|нас)",
        r"(?:см|смотрите|слушайте)\.? (?:также|ещ[её]|по теме|видео)",
        r"(?:материалы?|новости|статьи|ссылки|сюжеты?|другие новости|ещ[её]) по теме",
        r"(?:самое )?(?:популярное|читаемое|обсуждаемое)(?: за \w+| сегодня| на сайте)?$",
        r"(?:другие|последние|главные|больше|все|похожие|свежие) (?:новост|материал|публикаци|стать)\w*",
        r"новости (?:партн[её]ров|сми2|smi2|компаний)",
        r"(?:рекомендуем|вам (?:может быть|будет) интересно|вас (?:может|могут) заинтересовать|выбор редакции)",
        r"(?:по|к) теме:",
        r"(?:ранее|накануне) (?:мы|«?\w+»?) (?:писал|сообщал)[аи]?,? (?:что|о|об)\b.{0,40}$",
    ),
    "uk": (
        r"читайте (?:також|ще|далі|більше|докладніше|нас)",
        r"(?:дивіться|слухайте) (?:також|ще)",
        r"(?:матеріали?|новини|статті|ще) (?:за|по) темою?",
        r"(?:інші|останні|головні|більше|всі|схожі) (?:новин|матеріал|публікаці|статт)\w*",
        r"новини партнерів",
        r"(?:рекомендуємо|вам може бути цікаво|вибір редакції)",
    ),
    "en": (
        r"(?:read|see|watch|listen|learn)(?: (?:it|this|the))? (?:also|more|next|further|full (?:story|article))\b.{0,4}[:\-–—]?",
        r"(?:also|don'?t) (?:read|see|on|miss|in this)\b",
        r"(?:more|related)(?: (?:on|from|about|in|stories|news|articles?|coverage|content|links?|topics?|posts?|reading|video))*\s*(?:[:|]|$)",
        r"(?:more|related) (?:from|stories|articles|coverage) ",
        r"(?:you (?:may|might) (?:also )?(?:like|be interested)|recommended(?: (?:for you|stories|reading|videos?))?$|what to read next)",
        r"(?:most (?:read|popular|viewed|shared)|trending(?: now)?|editors?['’]? picks?|top stories|latest (?:news|stories)|popular (?:news|stories))",
        r"(?:keep reading|continue reading|story continues below|article continues below|scroll (?:down )?to continue)",
        r"(?:further|suggested) reading",
    ),
    "de": (
        r"(?:lesen|lies|sehen|hören|schauen) sie (?:auch|mehr|dazu|hierzu|hier|weiter)",
        r"(?:lies|lesen) (?:auch|mehr|hier|dazu)",
        r"(?:mehr|weitere|ähnliche|verwandte|passende|aktuelle) (?:zum thema|dazu|infos? (?:zu|zum)|informationen|artikel|beiträge|themen|nachrichten|news|meldungen|links?)\b.{0,30}$",
        r"(?:auch|ebenfalls) (?:interessant|lesenswert|spannend)\b",
        r"(?:das könnte (?:sie|dich) (?:auch )?interessieren|meistgelesen|weiterlesen|zum thema:?$|siehe auch|lesetipps?|mehr dazu|mehr zum thema)",
    ),
    "fr": (
        r"(?:lire|voir|à lire|à voir) (?:aussi|également|la suite)",
        r"sur le même (?:sujet|thème)",
        r"articles? liés?",
    ),
    "es": (
        r"(?:lee|leer|lea|ver|vea|mira) (?:también|más)",
        r"(?:noticias|artículos?) relacionad[oa]s",
        r"(?:te|le) puede interesar",
        r"(?:puedes ver|notas relacionadas|temas relacionados)",
    ),
    "it": (r"(?:leggi|guarda) anche", r"(?:articoli|notizie) correlat[ei]", r"potrebbe interessarti"),
    "pl": (
        r"(?:czytaj|przeczytaj|zobacz|sprawdź|polecamy) (?:też|także|również|więcej)",
        r"(?:czytaj|zobacz) więcej",
        r"polecamy",
    ),
}

# Pleas to subscribe, share or comment.
PLEAS = {
    "ru": (
        r"(?:подпи(?:шитесь|сывайтесь|шись)|присоединяйтесь|следите за нами|вступайте|ставьте лайк)",
        r"(?:наш|мы в|мы есть в|канал в|нас в|больше новостей в|самые интересные \w+ .{0,20}в) .{0,40}(?:telegram|телеграм|дзен|вконтакте|вк|max|whatsapp|одноклассник)",
        r"(?:хочешь|хотите) (?:узнавать|быть в курсе|первым|читать)",
        r"(?:нашли|заметили|увидели) (?:ошибку|опечатку)",
        r"если вы (?:нашли|заметили|увидели|стали) (?:ошибку|опечатку|свидетел)",
        r"(?:выделите|сообщить об) (?:ошибк|текст)\w*",
        r"(?:оставить|добавить|написать|читать) комментари",
        r"(?:поделиться|поделитесь|рассказать друзьям|версия для печати|распечатать|комментарии(?: \(\d+\))?$)",
        r"(?:подробнее|реклама|загрузка|на правах рекламы)[:.…]*$",
        r"сейчас на главной",
        r"(?:опубликовано|обновлено|дата публикации|просмотров|время (?:чтения|на чтение)|читать \d+ мин)\b.{0,40}$",
    ),
    "uk": (
        r"(?:підпи(?:шіться|суйтесь|шись)|приєднуйтесь|стежте за нами)",
        r"(?:якщо ви )?(?:знайшли|помітили) (?:помилку|орфографічну)",
        r"(?:поділитися|залишити коментар|реклама$)",
    ),
    "en": (
        r"(?:sign up|subscribe|register)\b.{0,80}(?:newsletter|e-?mail|inbox|alerts?|channel|podcast|free|daily|weekly|here|updates|now|today)",
        r"(?:sign up|subscribe(?: now| today)?|log in|sign in|register|join the conversation|share this (?:article|story|post)|share|print|e-?mail)[.!:]?$",
        r"(?:follow|like|join|find) (?:us|me|him|her|them|[\w .]{2,40}) (?:on|at) (?:twitter|facebook|instagram|telegram|x|linkedin|youtube|tiktok|whatsapp|google|flipboard)\b",
        r"(?:click|tap) here (?:to|for)\b",
        r"(?:for more|get (?:the latest|more|our|all)|download|stay up to date|never miss)\b.{0,90}(?:newsletters?|app|inbox|podcast|facebook|twitter|alerts?|e-?mail)",
        r"(?:advertisement|sponsored(?: content)?|promoted|loading\.*|all rights reserved)\b.{0,30}$",
        r"(?:this article (?:was|is) (?:amended|updated)|got a (?:tip|news tip)|do you have (?:a|any) (?:story|tip|information))",
        r"(?:leave a (?:comment|reply)|\d+ comments?$|comments? (?:are|\(\d+\))|view comments|have your say|what do you think)",
        r"(?:we (?:may )?earn|if you (?:buy|click|purchase)).{0,60}(?:commission|affiliate|link)",
        r"(?:image|photo|picture|video)(?: credits?| source| by)?\s*:",
        r"(?:if you (?:enjoy|like|value|appreciate)\w*|please|to (?:view|read|continue|access|keep)).{0,80}(?:subscri|support|donat|log ?in|sign up|register)",
        r"(?:posted|published|filed|tagged|updated|last (?:updated|modified))(?: (?:on|by|in|under|with|at)\b.{0,60}|:.{0,60})$",
        r"(?:categor(?:y|ies)|tags?|topics?|keywords|labels?|filed under|view comments|permalink)\s*(?::.*)?$",
        r"by (?:signing|subscribing|clicking|submitting)\b",
    ),
    "de": (
        r"(?:abonnieren sie|melden sie sich|newsletter|folgen sie uns|folge uns|jetzt (?:abonnieren|anmelden|registrieren|kostenlos))",
        r"(?:anzeige|werbung|artikel (?:teilen|drucken|merken)|teilen|drucken|kommentieren|kommentare?(?: \(\d+\))?|zur startseite|nach oben|zurück)$",
        r"(?:schreiben sie (?:einen|den ersten) kommentar|kommentar (?:schreiben|verfassen)|diskutieren sie)",
        r"(?:bild|foto|fotos|bildquelle|quelle bild)\s*:",
        r"(?:kategorien?|schlagw(?:ort|örter|orte)|tags?|bewerten|stichworte)\s*(?::.{0,60})?$",
        r"(?:du musst|sie müssen|bitte) .{0,40}(?:eingeloggt|angemeldet|einloggen|anmelden|registrieren)",
        r"(?:vervielfältigung nur|alle rechte vorbehalten|nachdruck)",
        r"(?:veröffentlicht|verfasst|gepostet|erstellt|aktualisiert|zuletzt (?:geändert|aktualisiert))(?: (?:am|von|in|unter)\b.{0,60}|:.{0,60})$",
        r"(?:dieser (?:artikel|beitrag|text) (?:ist|wurde|erschien|stammt)|der beitrag wurde).{0,120}$",
    ),
    "fr": (
        r"(?:abonnez-vous|inscrivez-vous|suivez-nous|partager|réagir|crédits? photos?|pour (?:lire la suite|accéder))\b",
    ),
    "es": (
        r"(?:suscríbete|s[íi]guenos|compartir|publicidad$|únete|puede(?:s)? (?:escribirnos|seguir))",
        r"¿?ya sab[íe]as que .{0,60}(?:telegram|whatsapp)",
    ),
    "it": (r"(?:iscriviti|seguici|condividi|pubblicità$)",),
    "pl": (r"(?:zapisz się|obserwuj nas|udostępnij|reklama$|fot\.)",),
}

# A photo's credit or caption left in the text.
CREDITS = (
    r"(?:фото|фотографи[яи]|видео|иллюстраци[яи]|скриншот|коллаж|инфографика)(?: автора| с сайта)?\s*(?:[:©/(]|$)",
    r"©\s*(?:фото|photo|ap|reuters|afp|getty|риа|ria|тасс|tass|sputnik)\b",
    r"(?:photo(?:graph)?s?|pictures?|images?|illustration)\s*(?:by|:|courtesy|©)",
    r"(?:getty images|shutterstock|istock|afp/getty|ap photo)\b",
    r"(?:foto|bild|grafik|fotos)\s*[:/]",
    r"(?:file|stock) (?:photo|image)\b",
    r"выйти из полноэкранного режима|развернуть на весь экран",
)


def _compile(*tables: dict[str, tuple[str, ...]] | tuple[str, ...]) -> re.Pattern[str]:
    rows = [
        row for table in tables for row in (sum(table.values(), ()) if isinstance(table, dict) else table)
    ]
    return re.compile("|".join(f"(?:{row})" for row in rows))


READ_ALSO_LINE = _compile(READ_ALSO)
PLEA_LINE = _compile(PLEAS)
CREDIT_LINE = _compile(CREDITS)
