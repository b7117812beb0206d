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

/* A language of variants, as they name it, its list of small words, and the last group that has it, behind one. */
typedef struct {
    u32 at, length;
    u64 list;
    u32 group;
} Code;

static Row groups, language_codes, counting, packed_groups, codes_said;
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
    ((Code *)language_codes.at)[language_codes.count++] = (Code){at, length, list, 0};
    set_value(&numbers_of_codes, sum ? sum : 1, language_codes.count);
    return language_codes.count - 1;
}

static inline int begins_letter(u8 byte) { return (byte & 0xc0) != 0x80; }

/* Say which language a variant of a group has, if it is the first one that does. */
static void say_code(u32 number, u32 group) {
    Code *code = (Code *)language_codes.at + number;
    if (code->group == group + 1) return;
    code->group = group + 1;
    for (u32 n = 0; n < code->length; n++) push_byte(&codes_said, ((const u8 *)code->at)[n]);
    push_byte(&codes_said, ' ');
}

/* Pack what a group says: each behind a mark, its language, a tab and its text. Returns how common these are, roughly: half as much
 * with each letter of the longest word.
 */
static f64 pack_group(const u8 *said, u32 length, u32 group) {
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
        u32 code = number_of_code(said + at, text - 1 - at);
        say_code(code, group), pack(code), pack(end - text);
        widen(&packed_groups, packed_groups.count + end - text);
        u8 *to = bytes_of(&packed_groups) + packed_groups.count;
        for (u32 n = text; n < end; n++) *to++ = said[n]; /* few: to have them copied would be a call */
        packed_groups.count += end - text;
    }
    return common;
}

/* Take in groups: the bytes of each and whether it counts as written; then all of these bytes. Answers with how common each is, and
 * with a line a group, its languages, in bytes.
 */
EXPORT u32 learn_groups(u32 some, u32 count) {
    const i32 *in = numbers_of(&input);
    u64 bytes = (u64)some * 8;
    for (u32 n = 0; n < some; n++) bytes += (u32)in[n * 2];
    if (bytes > count * 4ull || count * 4 > input.room) __builtin_trap();
    const u8 *said = (const u8 *)(in + some * 2);
    output.count = packed_groups.count = codes_said.count = 0;
    widen(&output, some * sizeof(f64));
    widen(&groups, (groups.count + some) * sizeof(Group));
    for (u32 n = 0; n < some; said += (u32)in[n++ * 2]) {
        u32 begin = packed_groups.count;
        ((f64 *)output.at)[n] = pack_group(said, (u32)in[n * 2], groups.count + n);
        push_byte(&codes_said, '\n');
        ((Group *)groups.at)[groups.count + n] = (Group){begin, packed_groups.count - begin, (u32)in[n * 2 + 1]};
    }
    u32 at = take(packed_groups.count);
    copy((void *)at, bytes_of(&packed_groups), packed_groups.count);
    for (u32 n = 0; n < some; n++) ((Group *)groups.at + groups.count++)->at += at;
    while (codes_said.count % 4) push_byte(&codes_said, ' ');
    widen(&output, some * sizeof(f64) + codes_said.count);
    copy(bytes_of(&output) + some * sizeof(f64), bytes_of(&codes_said), codes_said.count);
    return some * 2 + codes_said.count / 4;
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

static Row group_texts, texts_at; /* of groups their number, how many texts they have in what is being made, and these; where, behind one */
static u32 being_made;            /* a language, or what counts in all of them, behind two */
#define ALL_LANGUAGES (~0u)

/* Number what a group says where its variants count; what is left goes into the answer. */
static void number_group(u32 number) {
    if (number >= groups.count) __builtin_trap();
    const Group *group = (Group *)groups.at + number;
    const u8 *at = (const u8 *)group->at, *end = at + group->length;
    push(&group_texts, (i32)number);
    u32 counted_at = group_texts.count;
    push(&group_texts, 0);
    numbers_of(&texts_at)[number] = (i32)counted_at;
    for (Said said; next_variant(&at, end, &said);) {
        u32 counts = bytes_of(&counting)[said.language];
        if (!counts) continue;
        const Code *code = (const Code *)language_codes.at + said.language;
        read_bytes(said.text, said.length);
        i32 found = number_of_article((counts >> 1) * TONED | group->as_written * AS_WRITTEN, code->list);
        push(&group_texts, found);
        numbers_of(&group_texts)[counted_at]++;
        if (found != LEFT) continue;
        push(&output, (i32)said.text), push(&output, (i32)said.length), push(&output, (i32)code->at);
        push(&output, (i32)code->length), push(&output, (i32)group->as_written);
    }
}

/* The groups that answer a slot that was noted in all languages, or in some; how many. */
static const i32 *noted_groups(u32 noted, u32 tongue, i32 *count) {
    if (noted * 2 >= slots_noted.count) __builtin_trap();
    const i32 *own = numbers_of(&slot_groups) + numbers_of(&groups_at)[numbers_of(&slots_noted)[noted * 2]] - 1;
    *count = own[tongue != ALL_LANGUAGES];
    return own + 2 + (tongue == ALL_LANGUAGES ? 0 : own[0]);
}

/* Number what answers slots from one that was noted to another in a language, or in all, for `file_slots`. Answers with what is left
 * to Python: of each text where its bytes are, how many, and of its language, and whether it counts as written. Before it stands
 * where it ends; behind it what `number_written` says of new texts.
 */
EXPORT u32 number_slots(u32 tongue, u32 first, u32 end, u32 others, u32 count) {
    i32 own;
    if (count * 4 > input.room) __builtin_trap();
    output.count = counting.count = 0, may_add = 1;
    push(&output, 0);
    const Code *codes = (const Code *)language_codes.at;
    for (u32 n = 0; n < language_codes.count; n++) push_byte(&counting, counted_as(codes + n, numbers_of(&input), count, others));
    if (being_made != tongue + 2) {
        for (u32 at = 0; at < group_texts.count; at += 2 + (u32)numbers_of(&group_texts)[at + 1])
            numbers_of(&texts_at)[numbers_of(&group_texts)[at]] = 0;
        being_made = tongue + 2, group_texts.count = 0;
    }
    reach(&texts_at, groups.count);
    put_article_aside();
    for (; first < end; first++)
        for (const i32 *some = noted_groups(first, tongue, &own); own--; some++)
            if (!numbers_of(&texts_at)[*some]) number_group((u32)*some);
    put_article_aside();
    numbers_of(&output)[0] = (i32)output.count;
    answer_with_new_texts();
    return output.count;
}

/* Let what was numbered answer these slots, with the numbers of those that were left. */
EXPORT void file_slots(u32 tongue, u32 first, u32 end, u32 count) {
    i32 own;
    if (count * 4 > input.room || being_made != tongue + 2) __builtin_trap();
    const i32 *left = numbers_of(&input);
    lesson++;
    for (; first < end; first++) {
        i32 slot = numbers_of(&slots_noted)[first * 2], stands = numbers_of(&slots_noted)[first * 2 + 1];
        for (const i32 *some = noted_groups(first, tongue, &own); own--; some++) {
            i32 *texts_of = numbers_of(&group_texts) + numbers_of(&texts_at)[*some];
            for (i32 text = 1; text <= texts_of[0]; text++) {
                if (texts_of[text] == LEFT && count) texts_of[text] = *left++, count--;
                learn_answer(tongue == ALL_LANGUAGES ? 0 : tongue_of(tongue), (u32)texts_of[text], slot, (u32)stands | (stands & ENDS_NOTHING ? ALONE : 0));
            }
        }
    }
}

#endif
