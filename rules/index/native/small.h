/* Which words of a text of several count, in a language whose small words are known: what `rules.query.terms.counting` says. */
#ifndef SMALL_H
#define SMALL_H

#include "terms.h"

#define LONGEST_CODE 16u
enum { AT_FIRST = 1, INSIDE, WRITTEN_ON, LISTS }; /* small words that begin titles, stand in them, are written onto names; no language is one of these */

static Set listed;
static Row counted_words;

static inline u64 sum_in(u64 list, const u32 *letters, u32 length) {
    if (list < LISTS) list *= 0x9e3779b97f4a7c15ull; /* so that one letter more or less makes no list another one */
    for (u32 at = 0; at < length; at++) list = (list ^ letters[at]) * 0x100000001b3ull;
    return list ? list : 1;
}

/* The list of small words of a language by its code; 0 if there is none. */
static u64 list_of(const u32 *code, u32 length) {
    u32 own[LONGEST_CODE], count = 0;
    if (length == 2 && code[0] == 'n' && code[1] == 'o') return list_of((const u32[]){'n', 'b'}, 2);
    for (; count < length && count < LONGEST_CODE && code[count] != '-' && code[count] != '_'; count++)
        own[count] = code[count] >= 'A' && code[count] <= 'Z' ? code[count] + 32 : code[count];
    return count && count < LONGEST_CODE ? sum_in(0xcbf29ce484222325ull, own, count) : 0;
}

/* Take in small words, a line a list: what begins titles, stands in them, and is written onto names; then those of each language,
 * behind its code and a tab.
 */
EXPORT void know_small_words(u32 count) {
    if (count * 4 > input.room) __builtin_trap();
    const u32 *in = (const u32 *)input.at;
    for (u32 at = 0, list = AT_FIRST, end; at < count; at = end + 1, list++) {
        u64 of = list;
        for (end = at; end < count && in[end] != '\n' && in[end] != '\t';) end++;
        if (list >= LISTS && end < count && in[end] == '\t') {
            of = list_of(in + at, end - at), at = end + 1;
            while (++end < count && in[end] != '\n') {}
        }
        for (u32 from = at, to; from < end; from = to + 1) {
            for (to = from; to < end && in[to] != ' ';) to++;
            if (to == from) continue;
            set_value(&listed, sum_in(of, in + from, to - from), 1);
            if (list >= LISTS) set_value(&stops, sum_of_letters(in + from, to - from), 1);
        }
    }
}

/* Take in what may be a small word between two others, folded, a line each. */
EXPORT void know_small_between(u32 count) { take_lines(&small_between, count); }

static inline int is_folded_in(u64 list, u32 word) { return value_of(&listed, sum_in(list, folded_at(word), folded_length(word))) != 0; }

/* Whether a word is small in a language, with its marks or without: für, but neither fur nor São. */
static inline int is_small_in(u64 list, u32 word) {
    return is_folded_in(list, word) || value_of(&listed, sum_in(list, written_at(word), written_length(word)));
}

/* Whether it is in any. */
static inline int is_small_in_any(u32 word) {
    return value_of(&stops, sum_of_letters(folded_at(word), folded_length(word))) ||
           value_of(&stops, sum_of_letters(written_at(word), written_length(word)));
}

static inline u32 letter_at(u32 at) { return at < article.count ? (u32)numbers_of(&article)[at] : 0; }
static inline int is_upper(u32 letter) { return (numbers_of(&letter_table)[letter] >> FOLDED_BITS & UPPER) != 0; }

static int is_surely_small(u32 letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 0xdf && letter <= 0xff && letter != 0xf7) ||
           (letter >= 0x3ac && letter <= 0x3ce) || (letter >= 0x430 && letter <= 0x45f);
}

/* Whether a word is all in capitals; -1 if only Python knows. */
static int is_all_upper(u32 word) {
    u32 upper = 0, small = 0, count = written_length(word);
    for (u32 at = 0; at < count; at++)
        upper += (u32)is_upper(written_at(word)[at]), small += (u32)is_surely_small(written_at(word)[at]);
    return small || !upper ? 0 : upper == count ? 1 : -1;
}

/* Whether a letter is the O of a name: O'Neill, without which it would be another one. */
static int begins_irish_name(u32 word) {
    u32 to = (u32)numbers_of(&tos)[word], sign = letter_at(to), next = letter_at(to + 1);
    if (written_length(word) != 1 || *written_at(word) != 'O' || (sign != '\'' && sign != 0x2019 && sign != 0x2bc)) return 0;
    return (next >= 'A' && next <= 'Z') || next == 0xc1 || next == 0xc9 || next == 0xcd || next == 0xd3 || next == 0xda;
}

/* Whether a small word stands between others only; -1 if only Python knows. */
static int stands_between(u32 word, int is_last) {
    u32 from = (u32)numbers_of(&froms)[word], before = from ? letter_at(from - 1) : 0, after = letter_at((u32)numbers_of(&tos)[word]);
    if (before == '-' || after == '-')
        return after == '-' && value_of(&listed, sum_in(WRITTEN_ON, written_at(word), written_length(word)));
    if (folded_length(word) == 1 && (before == '\'' || before == 0x2019 || before == ':')) return 1;
    if (is_last || begins_irish_name(word)) return 0;
    int is_upper_case = written_length(word) > 1 ? is_all_upper(word) : 0;
    return is_upper_case < 0 ? -1 : !is_upper_case;
}

/* Have in `counted_words` which words of the article count, some of which are small. Returns 0 if only Python knows. */
static int count_words(u64 language) {
    int are_small = 1, are_capitals = 1, has_hyphen = 0;
    for (u32 word = 0; word < word_count; word++) {
        are_small &= is_small_in_any(word);
        are_capitals &= is_upper(*written_at(word));
    }
    for (u32 at = 0; at < article.count; at++) has_hyphen |= numbers_of(&article)[at] == '-';
    counted_words.count = 0;
    for (u32 word = 0; word < word_count && !are_small; word++) {
        int is_small = is_small_in(language, word);
        int is_named = are_capitals && !is_folded_in(word ? INSIDE : AT_FIRST, word);
        if (is_small) is_small = stands_between(word, is_named || word + 1 == word_count);
        if (is_small < 0) return 0;
        if (!is_small) push(&counted_words, (i32)word);
    }
    if (counted_words.count > 1 || (counted_words.count && !has_hyphen)) return 1;
    counted_words.count = 0;
    for (u32 word = 0; word < word_count; word++) push(&counted_words, (i32)word);
    return 1;
}

#endif
