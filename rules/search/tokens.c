/* The tokens of a text, where nothing needs a closer look; the pieces of text that do are named.
 *
 * A piece is what stands between two white spaces. Its words and runs of letters are folded letter by letter, as the
 * tables say. A piece is odd, and left to `rules/search/analyzer.py`, if it has a letter of class ODD, a joint between
 * two words, a mark that stands alone, or a word that begins with a letter of class LEADS and has others.
 *
 * Tokens are told in lines of so many letters of the text, by where their word begins; a long word stands in all lines
 * that it touches.
 */
#include "kernel.h"

enum { SIGN, WORD, RUN, KATAKANA, MARK, SPACE, ODD, GROUP = 7, LEADS = 8, JOINT = 16 };
enum { PLAIN = 1 << SIGN | 1 << WORD | 1 << RUN | 1 << KATAKANA }; /* what a piece may have that is surely not odd */
enum { LONGEST = 40, LONGEST_TAIL = 12, SHORTEST_WITH_TAIL = 8, LINE = 64, LONG = 32, SLOTS = 1024, NEAR = 0x800 };

static const u8 *classes;
static const u32 *first, *second, *sounding;
static u32 known;
static u16 plain[NEAR]; /* of letters of words that fold to one of these and sound like it: to which; else 0 */

/* Tables of so many letters: class, the one or two letters that each folds to, 0 for none, and the small letter if it
 * sounds otherwise than these, 0 if not. */
EXPORT void learn(u32 classes_at, u32 first_at, u32 second_at, u32 sounding_at, u32 count) {
    classes = (const u8 *)classes_at;
    first = (const u32 *)first_at;
    second = (const u32 *)second_at;
    sounding = (const u32 *)sounding_at;
    known = count;
    for (u32 code = 0; code < NEAR && code < count; code++) {
        u32 is_plain = (classes[code] & GROUP) == WORD && first[code] < NEAR && !second[code] && !sounding[code];
        plain[code] = is_plain ? (u16)first[code] : 0;
    }
}

static u8 *out;
static u32 written, room;
static u32 slots[SLOTS]; /* more than a line has tokens: where each begins, and 1; what is of other lines is free */
static u32 folded[2 * 4096 + 2], letters; /* of the word that is being read; longer ones are odd */
static u32 stands[2 * 4096 + 2];         /* where in the text each of them stands */
static u32 heard[2 * 4096 + 2], heard_letters, is_told_apart; /* the word as it sounds, and whether that is another one */
static u32 is_ascii;                      /* whether it is known to fold to letters of ASCII alone */
static u32 line, line_from;               /* which line is written, and where it begins */

static u32 encoded(u8 *to, u32 code) {
    if (code < 0x80) return to[0] = (u8)code, 1;
    if (code < 0x800) return to[0] = (u8)(0xC0 | code >> 6), to[1] = (u8)(0x80 | (code & 63)), 2;
    if (code < 0x10000) {
        to[0] = (u8)(0xE0 | code >> 12), to[1] = (u8)(0x80 | (code >> 6 & 63)), to[2] = (u8)(0x80 | (code & 63));
        return 3;
    }
    to[0] = (u8)(0xF0 | code >> 18), to[1] = (u8)(0x80 | (code >> 12 & 63));
    to[2] = (u8)(0x80 | (code >> 6 & 63)), to[3] = (u8)(0x80 | (code & 63));
    return 4;
}

/* What a letter of a run folds to, if that is one letter of three bytes: these; else 0. */
static inline u32 three_bytes(u32 code) {
    u32 to = first[code];
    if (to < 0x800 || to >= 0x10000 || second[code] || sounding[code]) return 0;
    return 0xE0 | to >> 12 | (0x80 | (to >> 6 & 63)) << 8 | (0x80 | (to & 63)) << 16;
}

/* Go on to the line of a letter. */
static void go_to(u32 letter) {
    for (; line < letter / LINE; line++) {
        if (written >= room) __builtin_trap();
        out[written++] = '\n';
        line_from = written;
    }
}

static inline u64 mixed(u64 hash, u64 some) {
    hash = (hash ^ some) * 0x9E3779B97F4A7C15ull;
    return hash ^ hash >> 29;
}

static inline u64 eight(const u8 *at) {
    u64 some;
    copy(&some, at, 8);
    return some;
}

/* Keep the token that is written, of some bytes with the space behind it, unless it is in the line. Up to 7 zeros are
 * written behind it. */
static inline void keep(u32 bytes) {
    u8 *start = out + written;
    u64 hash = bytes, none = 0;
    copy(start + bytes, &none, 8);
    for (u32 at = 0; at < bytes; at += 8) hash = mixed(hash, eight(start + at));
    for (u32 slot = (u32)(hash >> 32);; slot++) {
        u32 *there = slots + slot % SLOTS;
        if (*there <= line_from) {
            *there = written + 1;
            written += bytes;
            return;
        }
        const u8 *other = out + *there - 1;
        u32 at = 0;
        while (at < bytes && other[at] == start[at]) at++;
        if (at == bytes) return;
    }
}

/* Write a token with a space behind it, unless it is in the line. */
static void token(u32 mark, const u32 *codes, u32 count, i32 step) {
    if (written + 16 + 4 * count > room) __builtin_trap();
    u8 *start = out + written;
    u32 bytes = 0;
    if (mark) start[bytes++] = (u8)mark;
    for (u32 at = 0; at < count; at++, codes += step) bytes += encoded(start + bytes, *codes);
    start[bytes++] = ' ';
    keep(bytes);
}

static void group_token(u32 titled, const u32 *codes, u32 count) {
    token(0, codes, count, 1);
    if (titled) token('^', codes, count, 1);
}

/* A token of which the mark is not the first byte: the title's stands before it. */
static void sounding_token(u32 titled) {
    u32 count = heard_letters < LONGEST ? heard_letters : LONGEST;
    heard[0] = '=';
    token(0, heard, count + 1, 1);
    if (titled) token('^', heard, count + 1, 1);
}

/* As for most words: of as many bytes as letters. */
static void ascii_token(void) {
    u32 count = letters < LONGEST ? letters : LONGEST;
    if (written + 16 + count > room) __builtin_trap();
    u8 *start = out + written;
    for (u32 at = 0; at < count; at++) start[at] = (u8)folded[at];
    start[count] = ' ';
    keep(count + 1);
}

static void word_tokens(u32 titled, u32 tails) {
    if (is_ascii && !titled) ascii_token();
    else group_token(titled, folded, letters < LONGEST ? letters : LONGEST);
    if (is_told_apart) sounding_token(titled);
    if (tails && letters >= SHORTEST_WITH_TAIL)
        token('~', folded + letters - 1, letters < LONGEST_TAIL ? letters : LONGEST_TAIL, -1);
}

/* The tokens of the letters that were folded: overlapping pairs and the last letter of a run, else a word that stands
 * from and to two places. */
static void end_group(u32 class, u32 titled, u32 tails, u32 from, u32 to) {
    if (!letters) return;
    if (class == RUN) {
        for (u32 at = 0; at + 1 < letters; at++) {
            go_to(stands[at]);
            group_token(titled, folded + at, 2);
        }
        go_to(stands[letters - 1]);
        group_token(titled, folded + letters - 1, 1);
    } else {
        go_to(from);
        word_tokens(titled, tails);
        while (to - from > LONG && line < (to - 1) / LINE) {
            go_to((line + 1) * LINE);
            word_tokens(titled, tails);
        }
    }
    letters = heard_letters = is_told_apart = is_ascii = 0;
}

/* Fold the plain word that begins here, whose letters are each one letter; returns where it ends, or where it begins if it
 * is not plain to its end. */
static const u32 *plain_word(const u32 *at, const u32 *end) {
    const u32 *from = at;
    u32 all = 0;
    for (; at < end && *at < NEAR && plain[*at]; at++) {
        folded[letters++] = plain[*at];
        all |= plain[*at];
    }
    is_ascii = all < 0x80;
    if (at == end || (classes[*at] & GROUP) == SIGN) return at;
    letters = is_ascii = 0;
    return from;
}

/* Write the tokens of the run that begins here, as far as its letters fold to one of three bytes each, and are followed by
 * one: a pair is eight bytes at most with its space. Returns where it ended. */
static u32 plain_pairs(const u32 *codes, u32 at, u32 to) {
    u32 one = three_bytes(codes[at]);
    for (; one && at + 1 < to; at++) {
        u32 other = (classes[codes[at + 1]] & GROUP) == RUN ? three_bytes(codes[at + 1]) : 0;
        if (!other) break;
        go_to(at);
        if (written + 16 > room) __builtin_trap();
        u64 pair = one | (u64)other << 24 | (u64)' ' << 48;
        one = other;
        copy(out + written, &pair, 8);
        for (u32 slot = (u32)(mixed(7, pair) >> 32);; slot++) {
            u32 *there = slots + slot % SLOTS;
            if (*there <= line_from) {
                *there = written + 1;
                written += 7;
                break;
            }
            if ((eight(out + *there - 1) ^ pair) << 8 == 0) break;
        }
    }
    return at;
}

static u32 class_of(u32 code) { return code < known ? classes[code] : ODD; }

/* Whether a piece needs a closer look. */
static u32 is_odd(const u32 *at, const u32 *end) {
    u32 group = SIGN, before = SIGN, joints = 0, length = 0, leads = 0;
    for (; at < end; at++) {
        u32 info = class_of(*at), class = info & GROUP;
        if (class == ODD) return 1;
        if (class == MARK) {
            if (group != WORD) return 1;
            class = WORD;
        }
        if (class == SIGN) {
            if (group != SIGN) before = group, joints = 0, group = SIGN;
            if (info & JOINT) joints++;
            else before = SIGN;
            continue;
        }
        if (class != group) {
            if (group == SIGN && joints && before != SIGN && before != RUN && class != RUN) return 1;
            group = class, before = SIGN, joints = 0, length = 0;
            leads = info & LEADS;
        }
        if (leads && !(info & LEADS)) return 1;
        if (++length > 4096) return 1;
    }
    return 0;
}

/* From an address on: how many letters of the title, of all, whether ends of words are wanted, and the letters. Title
 * and text are parted by white space. Returns where it says: where the lines begin, of how many bytes they are, where
 * the odd pieces begin, of how many; of each from and to where it goes. All of it holds until the next call. */
EXPORT u32 tokens(u32 given) {
    const u32 *head = (const u32 *)given, *codes = head + 3;
    u32 title = head[0], count = head[1], tails = head[2];
    u32 before = mark();
    u32 *said = (u32 *)take(16);
    u32 *odd = (u32 *)take(8 * (count / 2 + 1));
    fill(slots, 0, sizeof slots);
    room = 48 * (count + 8);
    out = (u8 *)take(room);
    written = line = line_from = 0;
    u32 odds = 0;
    for (u32 from = 0, to; from < count; from = to + 1) {
        u32 seen = 0;
        for (to = from; to < count; to++) {
            u32 info = class_of(codes[to]);
            if (info == SPACE) break;
            seen |= 1u << (info & GROUP) | (info & (LEADS | JOINT)) << 8;
        }
        if (to == from) continue;
        if ((seen & ~PLAIN || to - from > 4096) && is_odd(codes + from, codes + to)) {
            odd[2 * odds] = from;
            odd[2 * odds++ + 1] = to;
            continue;
        }
        u32 group = SIGN, titled = from < title, begun = from;
        letters = heard_letters = is_told_apart = is_ascii = 0;
        for (u32 at = from; at < to; at++) {
            u32 class = classes[codes[at]] & GROUP;
            if (class == MARK) class = WORD;
            if (class != group) {
                end_group(group, titled, tails, begun, at), begun = at;
                group = class;
                if (class == WORD) {
                    u32 end = at + (u32)(plain_word(codes + at, codes + to) - (codes + at));
                    if (end > at) {
                        at = end - 1;
                        continue;
                    }
                }
            }
            if (class == SIGN) continue;
            if (class == RUN && !letters && !titled) at = plain_pairs(codes, at, to);
            stands[letters] = at;
            if (first[codes[at]]) heard[++heard_letters] = folded[letters++] = first[codes[at]];
            stands[letters] = at;
            if (second[codes[at]]) heard[++heard_letters] = folded[letters++] = second[codes[at]];
            if (!sounding[codes[at]]) continue;
            heard_letters -= (first[codes[at]] != 0) + (second[codes[at]] != 0);
            heard[++heard_letters] = sounding[codes[at]];
            is_told_apart = 1;
        }
        end_group(group, titled, tails, begun, to);
    }
    said[0] = (u32)out, said[1] = written, said[2] = (u32)odd, said[3] = odds;
    release(before);
    return (u32)said;
}
