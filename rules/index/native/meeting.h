/* What an article holds of terms: texts whose words are all there, slots that they answer, alternatives whose slots are all
 * answered near each other; and where the words of a term stand.
 */
#ifndef MEETING_H
#define MEETING_H

#include "forms.h"
#include "groups.h"

#define FARTHEST 12 /* so far from its rarest word may the others of a text stand */
#define LONG 4u     /* words with more letters are no rest of a run */
#define STOPS_BETWEEN 3u /* rules/evaluate/proximity.py */
#define OTHERS_BETWEEN 1u
#define REST_OF_A_RUN 2u
#define MORE_WHERE_DONE 12u /* words that may stand besides between what says what is done: rules/evaluate/proximity.py */
#define LETTERS_OF_A_WORD 8u
#define MOST_BETWEEN 72u /* words in as many letters as may stand between two */
#define LONGEST_INITIAL 2u
#define LONGEST_SHORTENED 5u /* letters of an abbreviation, rules/text/tokenizer.py */
#define ENDING_OF_A_NAME 3u
#define SHORTEST_FATHER 5u
#define JAPANESE_COMMA 0x3001

/* That a text answers a slot: where the places of its rarest word are, and those of what stands beside; the next answer. */
typedef struct {
    u32 text, places, beside, next;
} Answer;

/* Of the article: its words of rules and their places (behind how many these are, by `places_at`); answers (by `answered_at`,
 * none is 0); texts and slots, each once; terms that it may hold, and of each where it may stand (by `noted_at`, none is 0):
 * four times a place or a slot and what that is, and the next note.
 */
static Row places, places_at, met_words, answers, answered_at, met_texts, text_stamps, met_slots, met_terms;
static Row notes, noted_at, together, marks, marked, literals, literal_at;
static Row states; /* of slots, four bits each */
enum { IS_MET = 1, IS_ALONE = 2, IS_LONG = 4 }; /* a text answers it; one may be all of a term; one of several words does */
static u32 article_stamp, met_in, marks_count; /* whether marks make other words in the article */
enum { STANDS, IS_SAID, ANY_OF_SLOT };
enum { IS_DONE = 1, IN_A_ROW }; /* what an alternative says of its slots: rules/index/term_table.py */

static inline const i32 *places_from(u32 at) { return numbers_of(&places) + at; }
static inline Answer *answer_at(u32 number) { return (Answer *)answers.at + number; }
static inline u32 first_answer(u32 slot) { return slot < answered_at.count ? (u32)numbers_of(&answered_at)[slot] : 0; }

static inline u32 state_of(u32 slot) { return slot / 8 < states.count ? (u32)numbers_of(&states)[slot / 8] >> slot % 8 * 4 & 7 : 0; }

static void forget_article(void) {
    for (u32 n = 0; n < met_words.count; n++) numbers_of(&places_at)[numbers_of(&met_words)[n]] = 0;
    for (u32 n = 0; n < met_slots.count; n++) {
        u32 slot = (u32)numbers_of(&met_slots)[n];
        numbers_of(&answered_at)[slot] = 0, numbers_of(&states)[slot / 8] = 0;
        if (slot < literal_at.count) numbers_of(&literal_at)[slot] = 0;
    }
    for (u32 n = 0; n < met_terms.count; n++) numbers_of(&noted_at)[numbers_of(&met_terms)[n]] = 0;
    met_words.count = met_slots.count = met_texts.count = met_terms.count = places.count = literals.count = notes.count = 0;
    push(&places, 0), push(&literals, 0), push(&notes, 0), push(&notes, 0);
    widen(&answers, sizeof(Answer)), answers.count = 1;
    reach(&places_at, anchors.count), reach(&text_stamps, texts.count), reach(&noted_at, term_at.count);
    article_stamp++;
}

/* Note where a term may stand. */
static void note_term(u32 term, u32 what, u32 value) {
    if (term >= term_at.count) __builtin_trap();
    i32 *first = &numbers_of(&noted_at)[term];
    if (!*first) push(&met_terms, (i32)term);
    push(&notes, (i32)(value << 2 | what)), push(&notes, *first);
    *first = (i32)notes.count - 2;
}

/* Group what was found by words: count each, then lay its places behind the count, before which is whether one of them is it alone. */
static void group_words(void) {
    const i32 *some = numbers_of(&found_words);
    for (u32 n = 0; n < found_words.count; n += 2) {
        i32 *count = &numbers_of(&places_at)[some[n] >> 1];
        if (!(*count)++) push(&met_words, some[n] >> 1);
    }
    for (u32 n = 0; n < met_words.count; n++) {
        i32 *at = &numbers_of(&places_at)[numbers_of(&met_words)[n]], count = *at;
        push(&places, 0);
        *at = (i32)places.count;
        widen(&places, (places.count + 1 + (u32)count) * 4);
        numbers_of(&places)[places.count] = 0, places.count += 1 + (u32)count;
    }
    for (u32 n = 0; n < found_words.count; n += 2) {
        i32 *own = numbers_of(&places) + numbers_of(&places_at)[some[n] >> 1];
        own[++own[0]] = some[n + 1], own[-1] |= ~some[n] & 1;
    }
}

/* Bits of the words of the article, all 0 between two uses; and which words have any, 64 in a number. */
static i32 *marks_of_words(void) {
    reach(&marks, word_count), reach(&marked, word_count / 32 + 1);
    return numbers_of(&marks);
}

static void mark_around(const i32 *some, i32 count, i32 length, i32 bit) {
    i32 *bits = marks_of_words(), last = (i32)word_count - 1;
    u64 *any = (u64 *)marked.at;
    for (i32 n = 0; n < count; n++) {
        i32 from = some[n] - length, to = some[n] + length;
        for (i32 at = from < 0 ? 0 : from; at <= to && at <= last; at++) bits[at] |= bit, any[at / 64] |= 1ull << at % 64;
    }
}

/* The first word from a place on that has a mark, and which then counts as none that has; `word_count` if there is none. */
static u32 next_marked(u32 place) {
    u64 *any = (u64 *)marked.at;
    for (u32 at = place / 64; at <= word_count / 64; at++) {
        if (!any[at]) continue;
        place = at * 64 + (u32)__builtin_ctzll(any[at]);
        any[at] &= any[at] - 1;
        return place;
    }
    return word_count;
}

/* Lay down the places of what stands beside a text's rarest word: its other words, and stop words around. Returns where; less than 0
 * if any of its words is nowhere near.
 */
static i32 places_beside(const Text *text, const i32 *own, i32 count, const i32 *around) {
    u32 at = places.count;
    i32 *bits = marks_of_words(), near = 1;
    enum { NEAR = 1, IS_BESIDE = 2 };
    if (count < 2 && !text->is_wide) return 0;
    if (count > 1) mark_around(around + 1, around[0], FARTHEST, NEAR);
    for (i32 n = 1; n < count && near; n++) {
        const i32 *other = places_from((u32)numbers_of(&places_at)[own[1 + n]]);
        near = 0;
        for (i32 each = 1; each <= other[0]; each++)
            if (bits[other[each]] & NEAR) bits[other[each]] |= IS_BESIDE, near = 1;
    }
    if (near && text->is_wide) mark_around(around + 1, around[0], (i32)text->length, IS_BESIDE);
    push(&places, 0);
    for (u32 place = 0; (place = next_marked(place)) < word_count;) {
        if (bits[place] & IS_BESIDE) push(&places, (i32)place), numbers_of(&places)[at]++;
        bits[place] = 0;
    }
    return near ? (i32)at : -1;
}

/* A text answers slots. One that is only parts of compounds is all of no term; several may be parts of one. */
static void answer_slots(u32 list, u32 text, u32 own, u32 beside, int is_alone) {
    const i32 *some = list_at(list);
    for (i32 n = 1; n <= some[0]; n++) {
        u32 slot = (u32)some[n];
        reach(&answered_at, slot);
        i32 *first = &numbers_of(&answered_at)[slot];
        u32 state = IS_MET | (is_alone || *first ? IS_ALONE : 0) | (text_at(text)->length > 1 ? IS_LONG : 0);
        if (!*first) push(&met_slots, (i32)slot), reach(&states, slot / 8);
        numbers_of(&states)[slot / 8] |= (i32)(state << slot % 8 * 4);
        widen(&answers, (answers.count + 1) * sizeof(Answer));
        *answer_at(answers.count) = (Answer){text, own, beside, (u32)*first};
        *first = (i32)answers.count++;
    }
}

static u32 slots_in(const Tongue *tongue, u32 text) {
    return text < tongue->answers.count ? (u32)numbers_of(&tongue->answers)[text] : 0;
}

/* Whether words stand somewhere with the marks that a text has: rules/evaluate/counting.py. */
static int has_marks(const i32 *every) {
    for (i32 n = 0; n < every[0]; n++) {
        const i32 *some = places_from((u32)numbers_of(&places_at)[every[1 + n]]);
        i32 left = some[0];
        while (left && marks_at((u32)some[left]) != (u32)every[2 + every[0] + n]) left--;
        if (!left) return 0;
    }
    return 1;
}

/* Find the texts of which all words are there that are filed under a word, and the slots that they answer. */
static void meet_texts(const Tongue *tongue, u32 word) {
    u32 own = (u32)numbers_of(&places_at)[word];
    const i32 *filed = list_at(anchor_at(word)->filed);
    for (i32 n = 1; n <= filed[0]; n++) /* as `ask_ahead` in near.h */
        (void)*(const volatile i32 *)(numbers_of(&text_words) + text_at((u32)filed[n] / 2)->words);
    for (i32 n = 1; n <= filed[0]; n++) {
        u32 number = (u32)filed[n] / 2, is_joined = (u32)filed[n] & 1;
        const Text *text = text_at(number);
        u32 more = slots_in(tongue, number);
        if (!text->slots && !more) continue;
        const i32 *every = numbers_of(&text_words) + text->words;
        i32 left = is_joined ? 0 : every[0];
        while (left > 1 && numbers_of(&places_at)[every[left]]) left--;
        if (left > 1 || (marks_count && text->is_toned && !has_marks(every))) continue;
        i32 beside = places_beside(text, every, is_joined ? 1 : every[0], places_from(own));
        if (beside < 0) continue;
        if (numbers_of(&text_stamps)[number] != (i32)article_stamp) {
            numbers_of(&text_stamps)[number] = (i32)article_stamp;
            push(&met_texts, (i32)number);
        }
        int is_alone = is_joined || every[0] > 1 || places_from(own)[-1];
        answer_slots(text->slots, number, own, (u32)beside, is_alone);
        answer_slots(more, number, own, (u32)beside, is_alone);
    }
}

static u32 longest_of(u32 slot) {
    u32 longest = 0;
    for (u32 at = first_answer(slot); at; at = answer_at(at)->next) {
        u32 length = text_at(answer_at(at)->text)->length;
        if (length > longest) longest = length;
    }
    return longest;
}

static void mark_slot(u32 slot, i32 bit, int with_beside) {
    for (u32 at = first_answer(slot); at; at = answer_at(at)->next) {
        const Answer *answer = answer_at(at);
        mark_around(places_from(answer->places) + 1, *places_from(answer->places), 0, bit);
        if (with_beside && answer->beside) mark_around(places_from(answer->beside) + 1, *places_from(answer->beside), 0, bit);
    }
}

/* Whether a clause surely ends between two words. What may be an abbreviation ends none, nor does the comma of Japanese where
 * something is done: what the sentence is about stands before it (rules/evaluate/what_is_done.py).
 */
static int are_parted(u32 left, u32 right, u32 what) {
    u32 from = (u32)numbers_of(&tos)[left], to = (u32)numbers_of(&froms)[right];
    for (u32 at = from; at < to; at++) {
        u32 code = (u32)numbers_of(&article)[at];
        if (code > LAST_LETTER) return 0;
        if (code == JAPANESE_COMMA && what == IS_DONE) continue;
        if (bits_of(at) & BREAKS && (to - from > 1 || code == '\n')) return 1;
        int is_end = code == ',' || code == ';' || code == ':' || code == '!' || code == '?';
        is_end |= code == '.' && at == from && folded_length(left) > LONGEST_SHORTENED;
        if (is_end && at + 1 < to && numbers_of(&article)[at + 1] == ' ') return 1;
    }
    return 0;
}

/* Whether a word may be a patronymic, if it has a capital: without_middle_names in rules/text/tokenizer.py. */
static int is_patronymic(const u32 *folded, u32 size) {
    for (u32 end = size; end + ENDING_OF_A_NAME >= size && end > SHORTEST_FATHER; end--) {
        const u32 *last = folded + end - 3;
        if ((last[0] == 0x432 && last[1] == 0x438 && last[2] == 0x447) || (last[1] == 0x432 && last[2] == 0x43d)) return 1;
    }
    return 0;
}

/* Whether a word may be a middle initial of a name. */
static int is_initial(u32 at) { return folded_length(at) <= LONGEST_INITIAL && letter_at((u32)numbers_of(&tos)[at]) == '.'; }

/* Whether a word is one where it stands between others: a rest of a run is none, nor a middle name, however many there are, nor how
 * many of something there are: of 1,210,000 the digits are three words.
 */
static int is_one_between(u32 at) {
    u32 length = folded_length(at), first = *folded_at(at);
    if (first >= '0' && first <= '9') return 0;
    if (numbers_of(&flags_of_words)[at] & A_RUN) return length > REST_OF_A_RUN;
    return !is_initial(at) && !is_patronymic(folded_at(at), length) && !(written_length(at) > 1 && written_at(at)[1] == '.');
}

/* Whether so few words stand between two as between those of a keyword; `longest` words may belong to one place, and more stand
 * between what says what is done, and in a row of versions, which commas part.
 */
static int are_near(u32 left, u32 right, u32 longest, u32 what) {
    u32 others = 0, between = 0, more = what ? MORE_WHERE_DONE : 0, most = longest + more;
    if (right - left > MOST_BETWEEN + longest + more * LETTERS_OF_A_WORD) return 0;
    for (u32 at = left + 1; at < right; at++) {
        if (!is_one_between(at)) continue;
        if (++between >= STOPS_BETWEEN + OTHERS_BETWEEN + most) return 0;
        u32 length = folded_length(at);
        others += length > LONG && !value_of(&small_between, sum_of_letters(folded_at(at), length));
    }
    if (others >= OTHERS_BETWEEN + most) return 0;
    return longest > 1 || what == IN_A_ROW || !are_parted(left, right, what);
}

/* Note the places where one word of each slot of an alternative stands near the next one's. */
static void stand_together(u32 term, u32 slot, const i32 *others, u32 count, u32 what) {
    i32 *bits = marks_of_words(), all = 0, seen = 0, last = -1;
    u32 longest = longest_of(slot), kept = 0;
    together.count = 0;
    for (u32 n = 0; n <= count; n++) {
        u32 each = n ? (u32)others[n - 1] : slot, length = longest_of(each);
        if (length > longest) longest = length;
        i32 bit = (i32)bit_for(n);
        mark_slot(each, bit, 0), all |= bit;
    }
    for (u32 place = 0;;) {
        place = next_marked(place);
        if (last >= 0 && (place == word_count || !are_near((u32)last, place, longest, what))) {
            if (seen == all) kept = together.count;
            together.count = kept, seen = 0;
        }
        if (place == word_count) break;
        seen |= bits[place], bits[place] = 0, last = (i32)place;
        push(&together, (i32)place);
    }
    for (u32 n = 0; n < kept; n++) note_term(term, STANDS, (u32)numbers_of(&together)[n]);
}

static void meet_alternatives(u32 slot) {
    const i32 *filed = list_at(slot < filed_under.count ? (u32)numbers_of(&filed_under)[slot] : 0);
    for (i32 n = 1; n < filed[0]; n += 2) {
        if (filed[n] == NO_OTHER && state_of(slot) & IS_ALONE) note_term((u32)filed[n + 1], ANY_OF_SLOT, slot);
        if (filed[n] == NO_OTHER || !state_of((u32)filed[n])) continue;
        const i32 *own = numbers_of(&alternatives) + filed[n + 1];
        i32 left = own[2];
        while (left > 1 && state_of((u32)own[2 + left])) left--;
        if (left == 1) stand_together((u32)own[0], slot, own + 3, (u32)own[2], (u32)own[1]);
    }
}

/* Find the terms of which the article that was cut may hold an alternative. */
EXPORT void meet(u32 language) {
    Tongue *tongue = tongue_of(language);
    forget_article();
    met_in = language;
    marks_count = tongue->is_toned && is_marked();
    find_words(tongue);
    group_words();
    for (u32 n = 0; n < met_words.count; n++)
        (void)*(const volatile i32 *)list_at(anchor_at((u32)numbers_of(&met_words)[n])->filed);
    for (u32 n = 0; n < met_words.count; n++) meet_texts(tongue, (u32)numbers_of(&met_words)[n]);
    for (u32 n = 0; n < met_slots.count; n++) {
        u32 slot = (u32)numbers_of(&met_slots)[n];
        if (slot < filed_under.count) (void)*(const volatile i32 *)list_at((u32)numbers_of(&filed_under)[slot]);
    }
    for (u32 n = 0; n < met_slots.count; n++) meet_alternatives((u32)numbers_of(&met_slots)[n]);
}

/* Take in terms that the article may hold as Python finds them, each with a place. */
EXPORT void note_said(u32 count) {
    for (u32 n = 0; n + 1 < count; n += 2) {
        if ((u32)numbers_of(&input)[n + 1] >= word_count) __builtin_trap();
        note_term((u32)numbers_of(&input)[n], IS_SAID, (u32)numbers_of(&input)[n + 1]);
    }
}

/* Where the places at which a slot is answered begin in `literals`, the smallest first, behind their count. */
static u32 literal_of(u32 slot) {
    if (!first_answer(slot)) return 0;
    reach(&literal_at, slot);
    i32 *known = &numbers_of(&literal_at)[slot];
    if (*known) return (u32)*known;
    u32 at = literals.count;
    i32 *bits = marks_of_words();
    *known = (i32)at;
    mark_slot(slot, 1, 1);
    push(&literals, 0);
    for (u32 place = 0; (place = next_marked(place)) < word_count; bits[place] = 0)
        push(&literals, (i32)place), numbers_of(&literals)[at]++;
    return at;
}

/* Mark the places where the words of a term may stand, with IS_ITS or what counts around others. */
enum { AROUND = 1, IS_ITS = 2, IS_OF_A_SLOT = 4 };

static i32 *mark_term(u32 term) {
    if (term >= term_at.count) __builtin_trap();
    const i32 *own = numbers_of(&term_slots) + numbers_of(&term_at)[term];
    i32 *bits = marks_of_words();
    for (i32 n = 0; n < own[1]; n++) {
        for (u32 at = first_answer((u32)own[2 + n]); at; at = answer_at(at)->next) {
            const Answer *answer = answer_at(at);
            mark_around(places_from(answer->places) + 1, *places_from(answer->places), 0, own[0] ? IS_ITS : IS_OF_A_SLOT);
            if (answer->beside) mark_around(places_from(answer->beside) + 1, *places_from(answer->beside), 0, IS_ITS);
        }
    }
    u32 at = term < noted_at.count ? (u32)numbers_of(&noted_at)[term] : 0;
    for (; at; at = (u32)numbers_of(&notes)[at + 1]) {
        i32 value = numbers_of(&notes)[at] >> 2, what = numbers_of(&notes)[at] & 3;
        if (what == ANY_OF_SLOT) {
            mark_slot((u32)value, IS_ITS, 0);
            continue;
        }
        mark_around(&value, 1, 0, IS_ITS);
        if (what == IS_SAID) mark_around(&value, 1, FARTHEST, AROUND);
    }
    return bits;
}

/* Whether a letter stands between chunks: rules/text/chunks.py */
static int is_between(u32 at) { return (u32)numbers_of(&article)[at] <= LAST_LETTER && bits_of(at) & BETWEEN; }

/* Whether what stands before a word and it are looked at apart: of a run of a script without spaces nothing goes on beside it. But
 * whether letters with full stops are an acronym depends on what they touch.
 */
static int is_at_a_run(u32 place) {
    u32 end = (u32)numbers_of(&tos)[place - 1], from = (u32)numbers_of(&froms)[place];
    if (!((numbers_of(&flags_of_words)[place - 1] | numbers_of(&flags_of_words)[place]) & A_RUN)) return 0;
    return end < from || !((end > 1 && letter_at(end - 2) == '.') || letter_at(from + 1) == '.');
}

/* Answer with where the words of a term may stand: how many pieces, and of each where it begins and ends. A piece is a chunk, a run,
 * or what of a chunk lies between runs.
 */
static void gather_of(u32 term) {
    i32 *bits = mark_term(term);
    u32 at = output.count, from = 0, to = 0;
    push(&output, 0);
    for (u32 place = 0; (place = next_marked(place)) < word_count;) {
        int is_its = bits[place] & IS_ITS || (bits[place] & AROUND && bits[place] & IS_OF_A_SLOT);
        bits[place] = 0;
        if (!is_its || (u32)numbers_of(&tos)[place] <= to) continue;
        u32 first = place, next = place + 1;
        from = (u32)numbers_of(&froms)[place], to = (u32)numbers_of(&tos)[place];
        while (from && !is_between(from - 1)) from--;
        while (to < article.count && !is_between(to)) to++;
        while (first && (u32)numbers_of(&tos)[first - 1] > from && !is_at_a_run(first)) first--;
        if (first && (u32)numbers_of(&tos)[first - 1] > from) from = (u32)numbers_of(&froms)[first];
        while (next < word_count && (u32)numbers_of(&froms)[next] < to && !is_at_a_run(next)) next++;
        if (next < word_count && (u32)numbers_of(&froms)[next] < to) to = (u32)numbers_of(&tos)[next - 1];
        push(&output, (i32)from), push(&output, (i32)to);
        numbers_of(&output)[at]++;
    }
}

/* Answer with the pieces of the terms in the input, and return how many numbers these are. */
EXPORT u32 gather(u32 count) {
    if ((u64)count * 4 > input.room) __builtin_trap();
    output.count = 0;
    for (u32 n = 0; n < count; n++) gather_of((u32)numbers_of(&input)[n]);
    return output.count;
}

static void answer_with(const Row *row) {
    for (u32 n = 0; n < row->count; n++) push(&output, numbers_of(row)[n]);
}

/* Answer with how many terms the article may hold, with these, and the texts of which all words are there. Returns how many numbers
 * these are.
 */
EXPORT u32 met(void) {
    output.count = 0;
    push(&output, (i32)met_terms.count);
    answer_with(&met_terms), answer_with(&met_texts);
    return output.count;
}

#endif
