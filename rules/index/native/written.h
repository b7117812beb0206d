/* Texts that stand for parts of terms, numbered by what they say: what says the same is one text, of words that are one each.
 *
 * Most are read here as they are written, as `rules.index.anchors.text_of` reads them; Python reads the others, and hands over
 * their words.
 */
#ifndef WRITTEN_H
#define WRITTEN_H

#include "small.h"

#define TEXTS_END 0x1e
#define LEFT (-1)    /* only Python can read it */
#define UNKNOWN (-2) /* nobody has had it yet */
#define LONGEST_SHORT 5u
#define MOST_JOINED 3u
#define FIRST_UNMARKED 0x1f00u

enum { TONED = 1, AS_WRITTEN = 2 }; /* of a text: marks make other words in its language; an acronym that stands as it is */

static Set known_words, known_texts; /* each behind one */
static Row text_words_now, text_marks_now, text_row, new_texts, letters_as_one;
static u32 may_add; /* whether what is new gets a number */

static inline u64 with(u64 sum, u32 number) { return (sum ^ number) * 0x100000001b3ull; }

/* How many letters a stem keeps: rules/languages/inflection.py. */
static u32 shortest_stem(const u32 *word, u32 length, int is_named) {
    u32 first = length ? word[0] : 0, last = length ? word[length - 1] : 0, least = 4;
    if (first >= 0xac00 && first <= 0xd7a3) least = 2;
    else if (first < 128 && last >= 0xac00 && last <= 0xd7a3) least = 2;
    else if ((first >= 0x590 && first <= 0x6ff) || (first >= 0x900 && first <= 0xdff)) least = 3;
    else if (first >= 0x1200 && first <= 0x137f) least = 2;
    return is_named && least > 3 ? 3 : least;
}

static i32 number_of_word(u32 kind, u32 shortest, const u32 *letters, u32 length) {
    u64 sum = with(with(sum_of_letters(letters, length), kind + 1), shortest);
    u32 known = value_of(&known_words, sum ? sum : 1);
    if (known) return (i32)known - 1;
    if (!may_add) return UNKNOWN;
    u32 number = new_anchor(kind, shortest, letters, length);
    set_value(&known_words, sum ? sum : 1, number + 1);
    return (i32)number;
}

/* The number of a text of words in `text_words_now`, which are all the more rarely met the longer they are. */
static i32 number_of_text(u32 length, u32 is_wide, i32 joined) {
    const i32 *own = numbers_of(&text_words_now), *sums = numbers_of(&text_marks_now);
    u32 count = text_words_now.count, rarest = 0, is_toned = text_marks_now.count > 0, distinct = 0;
    for (u32 n = 0; n < count; n++)
        if (own[n] == UNKNOWN) return UNKNOWN;
    if (joined == UNKNOWN) return UNKNOWN;
    for (u32 n = 1; n < count; n++)
        if (anchor_of(own[n])->length > anchor_of(own[rarest])->length) rarest = n;
    text_row.count = 0;
    push(&text_row, (i32)length), push(&text_row, (i32)(IS_WIDE * is_wide | IS_TONED * is_toned | HAS_SEVERAL * (count > 1))), push(&text_row, joined), push(&text_row, 0);
    for (u32 pass = 0; pass < 1 + is_toned; pass++)
        for (u32 n = 0; n < count; n++) {
            u32 at = n ? (n <= rarest ? n - 1 : n) : rarest, before = 0;
            while (before < at && own[before] != own[at]) before++;
            if (n && (before < at || own[at] == own[rarest])) continue;
            push(&text_row, pass ? sums[at] : own[at]);
            distinct += !pass;
        }
    numbers_of(&text_row)[3] = (i32)distinct;
    u64 sum = 0xcbf29ce484222325ull;
    for (u32 n = 0; n < text_row.count; n++) sum = with(sum, (u32)numbers_of(&text_row)[n]);
    u32 known = value_of(&known_texts, sum ? sum : 1);
    if (known) return (i32)known - 1;
    if (!may_add) return UNKNOWN;
    u32 letters = count ? anchor_of(own[rarest])->length : 0;
    push(&new_texts, (i32)(letters > 255 ? 255 : letters));
    set_value(&known_texts, sum ? sum : 1, texts.count + 1);
    learn_text(numbers_of(&text_row));
    return (i32)texts.count - 1;
}

/* A word that is looked for in its forms; a name, or what is short with its ending, may keep a shorter stem. */
static i32 number_of_form(u32 first, const u32 *letters, u32 length) {
    int is_named = (numbers_of(&letter_table)[first] >> FOLDED_BITS & UPPER) || length <= LONGEST_SHORT;
    return number_of_word(FORM, shortest_stem(letters, length, is_named), letters, length);
}

static int is_of_letters(u32 word) {
    for (i32 at = numbers_of(&froms)[word]; at < numbers_of(&tos)[word]; at++)
        if ((bits_of((u32)at) & GROUPS) != WORDS) return 0;
    return 1;
}

static int has_stop(void) {
    for (u32 word = 0; word < word_count; word++)
        if (value_of(&stops, sum_of_letters(folded_at(word), folded_length(word)))) return 1;
    return 0;
}

/* The words that count as one: the word that it is. Only of plain words. */
static i32 number_of_joined(void) {
    letters_as_one.count = 0;
    for (u32 n = 0; n < counted_words.count; n++) {
        u32 word = (u32)numbers_of(&counted_words)[n];
        for (u32 at = 0; at < folded_length(word); at++) push(&letters_as_one, (i32)folded_at(word)[at]);
    }
    u32 first = *written_at((u32)numbers_of(&counted_words)[0]);
    return number_of_form(first, (const u32 *)letters_as_one.at, letters_as_one.count);
}

static int are_same(u32 one, u32 other) {
    u32 length = folded_length(one);
    return length == folded_length(other) && shared_letters(folded_at(one), length, folded_at(other), length) == length;
}

/* The number of the text that lies in `article`, in a language whose small words are in a list; 0 if it is not known. */
static i32 number_of_article(u32 flags, u64 language) {
    u32 is_toned = flags & TONED, count = cut_article(), runs = 0, plain = 0;
    if (count == SLOW || !count) return LEFT;
    for (u32 at = 0; is_toned && at < article.count; at++)
        if ((u32)numbers_of(&article)[at] >= FIRST_UNMARKED && (u32)numbers_of(&article)[at] < MARKED) return LEFT;
    int has_small = count > 1 && !is_toned && has_stop(); /* where tones are written each word counts */
    if (has_small && !(language && count_words(language))) return LEFT;
    if (!has_small) {
        counted_words.count = 0;
        for (u32 word = 0; word < count; word++) push(&counted_words, (i32)word);
    }
    u32 counted = counted_words.count;
    const i32 *own = numbers_of(&counted_words);
    if (count == 1 && flags & AS_WRITTEN) is_toned = 0;
    text_words_now.count = text_marks_now.count = 0;
    for (u32 n = 0; n < counted; n++) {
        u32 word = (u32)own[n], length = folded_length(word), is_run = numbers_of(&flags_of_words)[word] & A_RUN;
        const u32 *letters = folded_at(word);
        i32 number;
        if (is_run || (count == 1 && flags & AS_WRITTEN))
            number = number_of_word(is_run ? RUN : WHOLE, shortest_stem(letters, length, 0), letters, length);
        else number = number_of_form(*written_at(word), letters, length);
        push(&text_words_now, number);
        runs += is_run, plain += is_of_letters(word) != 0;
        for (u32 other = 0; other < word && is_toned; other++)
            if (are_same(other, word)) is_toned = 0;
    }
    for (u32 word = 0; is_toned && word < count; word++) push(&text_marks_now, (i32)marks_at(word));
    int is_joined = counted > 1 && counted <= MOST_JOINED && !runs && !(flags & TONED);
    if (is_joined && plain < counted) return LEFT;
    u32 is_wide = own[0] > 0 || own[counted - 1] + 1 < (i32)count;
    return number_of_text(count, is_wide, is_joined ? number_of_joined() : -1);
}

/* The rows of the article that is being read, which are kept aside while texts are cut. */
static Row aside[6];
static u32 words_aside;

static void put_article_aside(void) {
    Row *const own[] = {&article, &starts, &froms, &tos, &flags_of_words, &folded_letters};
    for (u32 n = 0; n < 6; n++) {
        Row row = *own[n];
        *own[n] = aside[n], aside[n] = row;
    }
    u32 count = word_count;
    word_count = words_aside, words_aside = count;
}

static void answer_with_new_texts(void) {
    for (u32 n = 0; n < new_texts.count; n++) push(&output, numbers_of(&new_texts)[n]);
    new_texts.count = 0;
}

/* Number texts as they are written, each behind its flags and before an end; if new ones may be added. Answers with a number
 * each, and of those that are new, which have the next numbers, the letters of the longest word.
 */
EXPORT u32 number_written(u32 adds, u32 count) {
    if (count * 4 > input.room) __builtin_trap();
    const i32 *in = numbers_of(&input);
    output.count = 0, may_add = adds;
    put_article_aside();
    for (u32 at = 0, end = 0; at < count; at = end + 1) {
        for (end = at + 1; end < count && in[end] != TEXTS_END;) end++;
        article.count = 0;
        widen(&article, (end - at) * 4);
        copy((void *)article.at, in + at + 1, (end - at - 1) * 4);
        article.count = end - at - 1;
        push(&output, number_of_article((u32)in[at] - 1, 0));
    }
    put_article_aside();
    answer_with_new_texts();
    return output.count;
}

/* Number texts whose words Python has found: for each how many words it has with its stop words, whether it is wide, how many
 * words, whether there is one that is all of it, whether marks count; the words, each with its kind, the least of its stem, its
 * length and its letters; the one that is all; the sums of marks. Answers as `number_written`.
 */
EXPORT u32 number_texts(u32 adds, u32 count) {
    if (count * 4 > input.room) __builtin_trap();
    const i32 *in = numbers_of(&input);
    output.count = 0, may_add = adds;
    for (u32 at = 0; at < count;) {
        const i32 *head = in + at;
        i32 joined = -1;
        at += 5, text_words_now.count = text_marks_now.count = 0;
        for (i32 n = 0; n < head[2] + head[3]; n++, at += 3 + (u32)in[at + 2]) {
            i32 number = number_of_word((u32)in[at], (u32)in[at + 1], (const u32 *)in + at + 3, (u32)in[at + 2]);
            if (n < head[2]) push(&text_words_now, number);
            else joined = number;
        }
        for (i32 n = 0; n < head[2] && head[4]; n++) push(&text_marks_now, in[at++]);
        push(&output, number_of_text((u32)head[0], (u32)head[1], joined));
    }
    answer_with_new_texts();
    return output.count;
}

#endif
