"""Every number the story rules use, with its reason.

Measured on generated sets of Russian and English news (about 4,600 articles each, real texts with newsroom
edits and hard look-alikes) and checked on hand-labelled pairs of real pages from different outlets. Values
marked "bound" only limit work and were chosen, not measured.
"""

from __future__ import annotations

# --- fingerprint: finds candidates, decides nothing -------------------------------------------------------
SHINGLE = 4  # words; 3 doubles the candidates for 0.2 % more copies found, 5 loses cut and edited copies
LEAD_WORDS = 80  # shingles that begin here are sampled densely: cut copies keep the opening
LEAD_RATE = 4  # one shingle in four is kept within the lead
REST_RATE = 16  # one in sixteen after it
MIN_HASHES = 16  # a short note keeps its smallest ones up to this many
SHARED_HASHES = 3  # candidates share at least this many: 99.9 % of copies do, background phrases rarely
WINDOW_DAYS = 7  # a cost bound: reprints come within a week, templates are told apart by their figures
REST_HASHES = 900  # bound: kept of what follows the lead, the smallest; a text of 14,500 words has as many
CANDIDATES = 60  # bound: looked at per article: 20 stories of 3, the most shared values first
HOT_STORIES = 20  # a value in so many stories is a stock phrase; 300 reprints of one wire story are one story
NEAREST = 20  # of a list full of stock phrases so many are looked at whatever they share

# --- verdict: overlap -------------------------------------------------------------------------------------
GRAM = 3  # words; a token is covered when a run of three around it is in the other text as well
HEAD_TOKENS = 35  # the opening paragraph of a wire story
MIN_COVERED = 18  # covered tokens below this are a quote or a stock phrase
SMALL_COVER = 0.65  # of the smaller text
MARKED_COVER = 0.40  # the same when a mark links the two: cut copies under an opening of their own
MARKED_COVERED = 40  # covered tokens a mark needs beside it: a mark alone links nothing
PART_OF_LONGER = 0.40  # less of the larger text than this is covered: the smaller is only a part of it
PART_COVER = 0.70  # such a part has to be nearly whole, unless a mark links the two
HEAD_COVER = 0.50  # which part is covered counts, not only how much: background sits at the end
OPENING_COVER = 0.30  # of one first paragraph at least: flashes over one background are short, and all of it is their head
WHOLE_COVER = (
    0.90  # of either text and of either first paragraph: the same text, however much of it a site repeats
)
OWN_OPENING_COVER = 0.75  # of the larger text, under an opening of its own and with a mark
OWN_OPENING_COVERED = (
    120  # covered tokens under two own openings with a mark: fewer are the background of two flashes
)
SAME_HOUSE_COVER = 0.75  # of the larger text: a house repeats itself in follow-ups
ROUND_UP_LEAD_SECONDS = 3600  # a part that much older than the whole was taken into a round-up

# --- verdict: figures and names ---------------------------------------------------------------------------
FEW_SLOTS = 2  # among so few common number slots a single difference decides
DIFFERING_NUMBERS = 0.15  # of the common number slots, and at least two: another day's item
DIFFERING_NAMES = 0.34  # of the common name slots, and at least two: another person's or town's item

# --- prose ------------------------------------------------------------------------------------------------
SHORT_PARAGRAPH = 15  # words; without final punctuation such a paragraph is a caption or a headline
FIGURES_IN_LINE = 2  # numbers that keep such a line: it is a row of results or rates

# --- attribution ------------------------------------------------------------------------------------------
MARK_CONFIDENCE = 0.5  # evidence below it ("сообщает ТАСС") is a report about, not a copy of

# --- site furniture ---------------------------------------------------------------------------------------
REPEATED = 3  # articles of one site and month with the same line make it furniture; two may be a reprint
TAIL = 6  # bound: paragraphs at the end that may be furniture, beside the opening
HOLDERS = 200  # bound: articles judged again when a line turns out to be furniture, at most
