/* Variants of rules that count in some languages only, in groups, as `storage.variant_groups` writes them: each behind a mark, its
 * language, a tab and its text, in UTF-8. Which of them say what is asked a language.
 */
#ifndef GROUPS_H
#define GROUPS_H

#include "written.h"

#define LONGEST_COUNTED 63u

/* What a group says: of each variant the number of its language, how many bytes its text has, and these; and whether as acronyms,
 * which count as they are written only.
 */
typedef struct {
    u32 at, length, as_written;
} Group;

/* A language of variants, as they name it, and its list of small words. */
typedef struct {
    u32 at, length;
    u64 list;
} Code;

static Row groups, left_texts, language_codes, counting, packed_groups;
static Set numbers_of_codes; /* each behind one */

/* A number takes a byte if it is small, as nearly all are. */
#define ONE_BYTE 255u
static void pack(u32 number) {
    push_byte(&packed_groups, number < ONE_BYTE ? number : ONE_BYTE);
    for (u32 n = 0; n < 4 && number >= ONE_BYTE; n++) push_byte(&packed_groups, number >> 8 * n & 255);
}

static u32 unpacked(const u8 **at) {
    u32 number = *(*at)++;
    if (number < ONE_BYTE) return number;
    copy(&number, *at, 4);
    *at += 4;
    return number;
}

/* A variant of a group. */
typedef struct {
    u32 language, length;
    const u8 *text;
} Said;

/* Go on to the next variant of a group from a place on. */
static inline int next_variant(const u8 **at, const u8 *end, Said *said) {
    if (*at >= end) return 0;
    said->language = unpacked(at), said->length = unpacked(at), said->text = *at;
    *at += said->length;
    return 1;
}

static u32 number_of_code(const u8 *code, u32 length) {
    u64 sum = with(0xcbf29ce484222325ull, length);
    for (u32 n = 0; n < length; n++) sum = with(sum, code[n]);
    u32 known = value_of(&numbers_of_codes, sum ? sum : 1);
    if (known) return known - 1;
    u32 at = take(length);
    copy((void *)at, code, length);
    widen(&language_codes, (language_codes.count + 1) * sizeof(Code));
    u32 letters[LONGEST_CODE];
    for (u32 n = 0; n < length && n < LONGEST_CODE; n++) letters[n] = code[n];
    u64 list = length < LONGEST_CODE ? list_of(letters, length) : 0;
    ((Code *)language_codes.at)[language_codes.count++] = (Code){at, length, list};
    set_value(&numbers_of_codes, sum ? sum : 1, language_codes.count);
    return language_codes.count - 1;
}

static inline int begins_letter(u8 byte) { return (byte & 0xc0) != 0x80; }

/* Pack what a group says: each behind a mark, its language, a tab and its text. Returns how common these are, roughly: half as much
 * with each letter of the longest word.
 */
static f64 pack_group(const u8 *said, u32 length) {
    f64 common = 0;
    for (u32 at = 0, text, end; at < length; at = end) {
        u32 letters = 0, most = 0;
        while (at < length && said[at] == TEXTS_END) at++;
        for (text = at; text < length && said[text] != '\t';) text++;
        if (text >= length) break;
        for (end = ++text; end < length && said[end] != TEXTS_END; end++) {
            letters = said[end] == ' ' ? 0 : letters + (u32)begins_letter(said[end]);
            if (letters > most) most = letters;
        }
        common += 1.0 / (f64)(1ull << (most < LONGEST_COUNTED ? most : LONGEST_COUNTED));
        pack(number_of_code(said + at, text - 1 - at)), pack(end - text);
        widen(&packed_groups, packed_groups.count + end - text);
        copy(bytes_of(&packed_groups) + packed_groups.count, said + text, end - text);
        packed_groups.count += end - text;
    }
    return common;
}

/* Take in groups: the bytes of each and whether it counts as written; then all of these bytes. Answers with how common each is. */
EXPORT u32 learn_groups(u32 some, u32 count) {
    const i32 *in = numbers_of(&input);
    u64 bytes = (u64)some * 8;
    for (u32 n = 0; n < some; n++) bytes += (u32)in[n * 2];
    if (bytes > count * 4ull || count * 4 > input.room) __builtin_trap();
    const u8 *said = (const u8 *)(in + some * 2);
    output.count = packed_groups.count = 0;
    widen(&output, some * sizeof(f64));
    widen(&groups, (groups.count + some) * sizeof(Group));
    for (u32 n = 0; n < some; said += (u32)in[n++ * 2]) {
        u32 begin = packed_groups.count;
        ((f64 *)output.at)[n] = pack_group(said, (u32)in[n * 2]);
        ((Group *)groups.at)[groups.count + n] = (Group){begin, packed_groups.count - begin, (u32)in[n * 2 + 1]};
    }
    u32 at = take(packed_groups.count);
    copy((void *)at, bytes_of(&packed_groups), packed_groups.count);
    for (u32 n = 0; n < some; n++) ((Group *)groups.at + groups.count++)->at += at;
    return some * 2;
}

/* Whether variants of a language count in one of some, each with whether it has tones, its length and its letters. Returns 0 if not,
 * else 1, and 2 more if it has tones; `others` if none of these is its own.
 */
static u32 counted_as(const Code *code, const i32 *some, u32 count, u32 others) {
    const u8 *own = (const u8 *)code->at;
    for (u32 at = 0, n; at < count; at += 2 + (u32)some[at + 1]) {
        if ((u32)some[at + 1] != code->length) continue;
        for (n = 0; n < code->length && (i32)own[n] == some[at + 2 + n];) n++;
        if (n == code->length) return 1 | (u32)some[at] << 1;
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
    counting.count = 0;
    const Code *codes = (const Code *)language_codes.at;
    for (u32 n = 0; n < language_codes.count; n++) push_byte(&counting, counted_as(codes + n, in, languages, others));
    put_article_aside();
    for (u32 n = languages; n < count; n++) {
        if ((u32)in[n] >= groups.count) __builtin_trap();
        const Group *group = (Group *)groups.at + in[n];
        const u8 *at = (const u8 *)group->at, *end = at + group->length;
        u32 counted_at = output.count;
        push(&output, 0);
        for (Said said; next_variant(&at, end, &said);) {
            u32 counts = bytes_of(&counting)[said.language];
            if (!counts) continue;
            read_bytes(said.text, said.length);
            i32 number = number_of_article((counts >> 1) * TONED | group->as_written * AS_WRITTEN, codes[said.language].list);
            push(&output, number);
            numbers_of(&output)[counted_at]++;
            if (number != LEFT) continue;
            const Code *code = codes + said.language;
            push(&left_texts, (i32)said.text), push(&left_texts, (i32)said.length);
            push(&left_texts, (i32)code->at), push(&left_texts, (i32)code->length);
            push(&left_texts, (i32)group->as_written);
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
