/* An article cut into folded words: what `rules.text.tokenizer` gives, for whoever reads the article after that.
 *
 * The folded letters of all words stand one behind the other, without what parts them, so that words, parts of words and
 * words that a space or a hyphen tears are found in the same letters.
 */
#ifndef SCAN_H
#define SCAN_H

#include "sets.h"

#define LAST_LETTER 0x1ffffu
#define FOLDED_BITS 17 /* of what is known of a letter; flags stand above them */
#define SLOW 0xffffffffu

/* What a letter is: in which groups words go on; a mark; whether it folds to two letters, or nobody knows but the analysis
 * letter by letter; what acronyms, Hebrew words and words that are torn are made of; what parts clauses, and chunks; a capital; before
 * what an apostrophe belongs to the word.
 */
enum { WORDS = 1, IN_RUNS = 3, GROUPS = 7, MARK = 8, DOUBLE = 16, RARE = 32, SINGLE = 64, WORDLIKE = 128, QUOTE = 256 };
enum { HEBREW = 512, JOINT = 1024, BREAKS = 2048, BETWEEN = 4096, UPPER = 8192, IOTATED = 16384 };
enum { A_RUN = 1, JOINED = 2 }; /* of words: a run of a script without spaces; short, and a hyphen stands behind it */
#define SHORT 3u /* words with fewer letters are only seen to be torn where something joins the parts */

static Row letter_table, article, starts, froms, tos, flags_of_words, folded_letters;
static Set second_letters;
static u32 word_count;

static inline u32 bits_of(u32 at) { return (u32)numbers_of(&letter_table)[numbers_of(&article)[at]] >> FOLDED_BITS; }
static inline const u32 *folded_at(u32 word) { return (u32 *)folded_letters.at + numbers_of(&starts)[word]; }
static inline u32 folded_length(u32 word) { return (u32)(numbers_of(&starts)[word + 1] - numbers_of(&starts)[word]); }

/* The marks that make other words of words where tones are written: a sum of those of each letter, wherever in the word. */
#define MARKED 0x2000u
static u32 marks_of_letters[MARKED];

EXPORT void know_marks(u32 count) {
    const i32 *in = numbers_of(&input);
    for (u32 n = 0; n < count; n += 2)
        if ((u32)in[n] < MARKED) marks_of_letters[in[n]] = (u32)in[n + 1];
}

/* Whether the article has any letter but plain ones. */
static int is_marked(void) {
    for (u32 at = 0; at < article.count; at++)
        if (numbers_of(&article)[at] > 127) return 1;
    return 0;
}

/* With how many letters both begin. */
static inline u32 shared_letters(const u32 *one, u32 length, const u32 *other, u32 size) {
    u32 shared = 0;
    while (shared < length && shared < size && one[shared] == other[shared]) shared++;
    return shared;
}

static inline const u32 *written_at(u32 word) { return (u32 *)article.at + numbers_of(&froms)[word]; }
static inline u32 written_length(u32 word) { return (u32)(numbers_of(&tos)[word] - numbers_of(&froms)[word]); }

static u32 marks_at(u32 word) {
    u32 sum = 0;
    for (u32 at = 0; at < written_length(word); at++)
        if (written_at(word)[at] < MARKED) sum += marks_of_letters[written_at(word)[at]];
    return sum;
}

/* Where what is known of letters is to lie, a number each. */
EXPORT u32 room_for_folding(void) {
    widen(&letter_table, (LAST_LETTER + 1) * 4);
    return letter_table.at;
}

/* Take in the letters that fold to two, each with the second one. */
EXPORT void know_second_letters(u32 count) {
    const i32 *in = numbers_of(&input);
    for (u32 n = 0; n < count; n += 2) set_value(&second_letters, (u64)(u32)in[n] + 1, (u32)in[n + 1]);
}

static void begin_scan(u32 count, u32 letters) {
    word_count = 0;
    starts.count = froms.count = tos.count = flags_of_words.count = folded_letters.count = 0;
    widen(&starts, (count + 1) * 4), widen(&froms, count * 4), widen(&tos, count * 4), widen(&flags_of_words, count * 4);
    widen(&folded_letters, letters * 4);
}

static void add_word(u32 from, u32 to, u32 count) {
    u32 start = folded_letters.count;
    for (u32 at = from; at < to; at++) {
        u32 code = (u32)numbers_of(&article)[at], known = (u32)numbers_of(&letter_table)[code];
        if (!(known & LAST_LETTER) || !(known >> FOLDED_BITS & GROUPS)) continue;
        numbers_of(&folded_letters)[folded_letters.count++] = (i32)(known & LAST_LETTER);
        if (known >> FOLDED_BITS & DOUBLE) numbers_of(&folded_letters)[folded_letters.count++] = (i32)value_of(&second_letters, (u64)code + 1);
    }
    if (folded_letters.count == start) return;
    u32 kind = (bits_of(from) & GROUPS) == IN_RUNS ? A_RUN : 0;
    if (folded_letters.count - start < SHORT && to < count && bits_of(to) & JOINT) kind |= JOINED;
    numbers_of(&starts)[word_count] = (i32)start;
    numbers_of(&froms)[word_count] = (i32)from, numbers_of(&tos)[word_count] = (i32)to;
    numbers_of(&flags_of_words)[word_count++] = (i32)kind;
}

/* Where a word or a part of one ends. */
static u32 end_of(u32 from, u32 count) {
    u32 group = bits_of(from) & GROUPS;
    while (++from < count && (bits_of(from) & GROUPS) == group) {}
    return from;
}

/* Whether a dot between two letters is one of an acronym: U.N. */
static int is_acronym(u32 from, u32 to, u32 end, u32 count) {
    if (to - from != 1 || end - to != 2 || !(bits_of(from) & bits_of(to + 1) & SINGLE)) return 0;
    return !(from && bits_of(from - 1) & WORDLIKE) && !(end < count && bits_of(end) & WORDLIKE);
}

/* Whether a sign between two letters belongs to their word: as Hebrew has quotes, and Ukrainian apostrophes. */
static int is_inside(u32 at) {
    i32 sign = numbers_of(&article)[at];
    if (bits_of(at) & QUOTE && bits_of(at - 1) & bits_of(at + 1) & HEBREW) return 1;
    return (sign == '\'' || sign == 0x2019) && (bits_of(at - 1) & GROUPS) == WORDS && bits_of(at + 1) & IOTATED;
}

/* Cut the text that lies in `article`. Returns how many words it has, or SLOW if only Python can cut it. */
static u32 cut_article(void) {
    u32 count = article.count, seen = 0;
    begin_scan(count, count * 2);
    for (u32 at = 0; at < count; at++) seen |= (u32)numbers_of(&article)[at] > LAST_LETTER ? RARE : bits_of(at);
    if (seen & RARE) return SLOW;
    for (u32 at = 0; at < count;) {
        if (!(bits_of(at) & GROUPS)) {
            at++;
            continue;
        }
        u32 from = at, part = at, to = end_of(at, count), is_dotted = 0;
        if (bits_of(from) & MARK) return SLOW;
        while (to + 1 < count && !(bits_of(to) & GROUPS) && bits_of(to + 1) & GROUPS) {
            u32 end = end_of(to + 1, count), is_dot = numbers_of(&article)[to] == '.';
            if (bits_of(to + 1) & MARK || (is_dot && bits_of(to + 2 < count ? to + 2 : count - 1) & MARK)) return SLOW;
            int is_within = is_inside(to);
            is_dot = is_dot && is_acronym(part, to, end, count);
            if (!is_dot && !is_within) break;
            is_dotted = is_dot, part = to + 1, to = end;
        }
        if (is_dotted && to < count && numbers_of(&article)[to] == '.') to++;
        add_word(from, to, count);
        at = to;
    }
    numbers_of(&starts)[word_count] = (i32)folded_letters.count;
    return word_count;
}

/* Cut the text in the input, so many letters; as `cut_article`. */
EXPORT u32 scan(u32 count) {
    if (count * 4 > input.room) __builtin_trap();
    widen(&article, count * 4);
    copy((void *)article.at, (void *)input.at, count * 4);
    article.count = count;
    return cut_article();
}

/* Take in what Python cut of the text that it asked for: where each word begins among the folded letters, and last where
 * all end, where each begins and ends in the text, flags; the letters of all.
 */
EXPORT void take_scan(u32 count, u32 letters) {
    const i32 *in = numbers_of(&input);
    if (((u64)count * 4 + 1 + letters) * 4 > input.room) __builtin_trap();
    begin_scan(count, letters);
    copy((void *)starts.at, in, (count + 1) * 4);
    copy((void *)froms.at, in + count + 1, count * 4);
    copy((void *)tos.at, in + count * 2 + 1, count * 4);
    copy((void *)flags_of_words.at, in + count * 3 + 1, count * 4);
    copy((void *)folded_letters.at, in + count * 4 + 1, letters * 4);
    for (u32 at = 0; at < count; at++)
        if (in[at] < 0 || in[at] >= in[at + 1] || (u32)in[at + 1] > letters) __builtin_trap();
    for (u32 at = 0; at < count; at++)
        if (in[count + 1 + at] < 0 || in[count + 1 + at] >= in[count * 2 + 1 + at] || (u32)in[count * 2 + 1 + at] > article.count)
            __builtin_trap();
    word_count = count, folded_letters.count = letters;
}

/* Answer with the words: where each begins among the folded letters, and last where all end; where each begins and ends in
 * the text; flags; the folded letters. Returns how many numbers these are.
 */
EXPORT u32 scanned(void) {
    const Row *parts[] = {&starts, &froms, &tos, &flags_of_words, &folded_letters};
    output.count = 0;
    for (u32 n = 0; n < 5; n++) {
        u32 count = n == 4 ? folded_letters.count : word_count + (n == 0);
        widen(&output, (output.count + count) * 4);
        copy((void *)(output.at + output.count * 4), (void *)parts[n]->at, count * 4);
        output.count += count;
    }
    return output.count;
}

#endif
