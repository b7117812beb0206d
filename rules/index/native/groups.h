/* Variants of rules that count in some languages only, in groups, as `storage.variant_groups` writes them: each behind a mark, its
 * language, a tab and its text, in UTF-8. Which of them say what is asked a language.
 */
#ifndef GROUPS_H
#define GROUPS_H

#include "written.h"

#define LONGEST_COUNTED 63u

/* What a group says, and whether as acronyms, which count as they are written only. */
typedef struct {
    u32 at, length, as_written;
} Group;

static Row groups, left_texts;

/* Go on to the next variant of a group from a place on: where its language begins, where its text does, and where that ends. */
static int next_variant(const Group *group, u32 *at, u32 *text, u32 *end) {
    const u8 *said = (const u8 *)group->at;
    while (*at < group->length && said[*at] == TEXTS_END) (*at)++;
    for (*text = *at; *text < group->length && said[*text] != '\t';) (*text)++;
    if (*text >= group->length) return 0;
    for (*end = ++*text; *end < group->length && said[*end] != TEXTS_END;) (*end)++;
    return 1;
}

static inline int begins_letter(u8 byte) { return (byte & 0xc0) != 0x80; }

/* How common the texts of a group are, roughly: half as much with each letter of the longest word. */
static f64 commonness_of(const Group *group) {
    f64 sum = 0;
    for (u32 at = 0, text, end; next_variant(group, &at, &text, &end); at = end) {
        u32 letters = 0, most = 0;
        for (; text < end; text++) {
            u8 byte = ((const u8 *)group->at)[text];
            letters = byte == ' ' ? 0 : letters + (u32)begins_letter(byte);
            if (letters > most) most = letters;
        }
        sum += 1.0 / (f64)(1ull << (most < LONGEST_COUNTED ? most : LONGEST_COUNTED));
    }
    return sum;
}

/* Take in groups: the bytes of each and whether it counts as written; then all of these bytes. Answers with how common each is. */
EXPORT u32 learn_groups(u32 some, u32 count) {
    const i32 *in = numbers_of(&input);
    u64 bytes = (u64)some * 8;
    for (u32 n = 0; n < some; n++) bytes += (u32)in[n * 2];
    if (bytes > count * 4ull || count * 4 > input.room) __builtin_trap();
    u32 at = take((u32)bytes - some * 8);
    copy((void *)at, in + some * 2, (u32)bytes - some * 8);
    output.count = 0;
    widen(&output, some * sizeof(f64));
    widen(&groups, (groups.count + some) * sizeof(Group));
    for (u32 n = 0; n < some; at += (u32)in[n++ * 2]) {
        Group *group = (Group *)groups.at + groups.count++;
        *group = (Group){at, (u32)in[n * 2], (u32)in[n * 2 + 1]};
        ((f64 *)output.at)[n] = commonness_of(group);
    }
    return some * 2;
}

/* Whether a variant counts in one of some languages, each with whether it has tones, its length and its letters. Returns 0 if not,
 * else 1, and 2 more if it has tones; `others` if none of these is its own.
 */
static u32 counting(const u8 *language, u32 length, const i32 *some, u32 count, u32 others) {
    for (u32 at = 0, n; at < count; at += 2 + (u32)some[at + 1]) {
        if ((u32)some[at + 1] != length) continue;
        for (n = 0; n < length && (i32)language[n] == some[at + 2 + n];) n++;
        if (n == length) return 1 | (u32)some[at] << 1;
    }
    return others;
}

/* Let a text in UTF-8 be the article. */
static void read_bytes(const u8 *bytes, u32 length) {
    widen(&article, length * 4);
    article.count = 0;
    for (u32 at = 0; at < length;) {
        u32 byte = bytes[at], more = byte < 0x80 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
        u32 letter = more ? byte & (0x3fu >> more) : byte;
        if (at + more >= length) __builtin_trap();
        for (u32 n = 1; n <= more; n++) letter = letter << 6 | (bytes[at + n] & 0x3f);
        numbers_of(&article)[article.count++] = (i32)letter;
        at += 1 + more;
    }
}

/* Number what groups say in some languages, so many numbers, before the groups; or in all others, too. Answers with where that is
 * that is left to Python, and where that ends; for each group how many texts, and their numbers; of each that is left where its
 * bytes are, how many, and of its language, and whether it counts as written; then as `number_written`.
 */
EXPORT u32 number_groups(u32 languages, u32 others, u32 count) {
    if (count * 4 > input.room || languages > count) __builtin_trap();
    const i32 *in = numbers_of(&input);
    output.count = left_texts.count = 0, may_add = 1;
    push(&output, 0), push(&output, 0);
    put_article_aside();
    for (u32 n = languages; n < count; n++) {
        if ((u32)in[n] >= groups.count) __builtin_trap();
        const Group group = ((Group *)groups.at)[in[n]];
        const u8 *said = (const u8 *)group.at;
        u32 counted_at = output.count;
        push(&output, 0);
        for (u32 at = 0, text, end; next_variant(&group, &at, &text, &end); at = end) {
            u32 counts = counting(said + at, text - 1 - at, in, languages, others);
            if (!counts) continue;
            read_bytes(said + text, end - text);
            i32 number = number_of_article((counts >> 1) * TONED | group.as_written * AS_WRITTEN);
            push(&output, number);
            numbers_of(&output)[counted_at]++;
            if (number != LEFT) continue;
            push(&left_texts, (i32)(group.at + text)), push(&left_texts, (i32)(end - text));
            push(&left_texts, (i32)(group.at + at)), push(&left_texts, (i32)(text - 1 - at));
            push(&left_texts, (i32)group.as_written);
        }
    }
    put_article_aside();
    numbers_of(&output)[0] = (i32)output.count;
    for (u32 n = 0; n < left_texts.count; n++) push(&output, numbers_of(&left_texts)[n]);
    numbers_of(&output)[1] = (i32)output.count;
    answer_with_new_texts();
    return output.count;
}

#endif
