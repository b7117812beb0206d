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
enum { LONGEST = 40, LONGEST_TAIL = 12, SHORTEST_WITH_TAIL = 8, LINE = 64, LONG = 32, SLOTS = 1024 };

static const u8 *classes;
static const u32 *first, *second, *sounding;
static u32 known;

/* Tables of so many letters: class, the one or two letters that each folds to, 0 for none, and the small letter if it
 * sounds otherwise than these, 0 if not. */
EXPORT void learn(u32 classes_at, u32 first_at, u32 second_at, u32 sounding_at, u32 count) {
    classes = (const u8 *)classes_at;
    first = (const u32 *)first_at;
    second = (const u32 *)second_at;
    sounding = (const u32 *)sounding_at;
    known = count;
}

static u8 *out;
static u32 written, room;
static u32 slots[SLOTS]; /* more than a line has tokens: where each begins, and 1; what is of other lines is free */
static u32 folded[2 * 4096 + 2], letters; /* of the word that is being read; longer ones are odd */
static u32 stands[2 * 4096 + 2];         /* where in the text each of them stands */
static u32 heard[2 * 4096 + 2], heard_letters, is_told_apart; /* the word as it sounds, and whether that is another one */
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

/* Go on to the line of a letter. */
static void go_to(u32 letter) {
    for (; line < letter / LINE; line++) {
        if (written >= room) __builtin_trap();
        out[written++] = '\n';
        line_from = written;
    }
}

/* A number that is the same for the same bytes. Up to 7 zeros are written behind them. */
static u32 hash_of(u8 *start, u32 bytes) {
    u64 hash = bytes, some = 0;
    copy(start + bytes, &some, 8);
    for (u32 at = 0; at < bytes; at += 8) {
        copy(&some, start + at, 8);
        hash = (hash ^ some) * 0x9E3779B97F4A7C15ull;
        hash ^= hash >> 29;
    }
    return (u32)(hash >> 32);
}

/* Write a token with a space behind it, unless it is in the line. */
static void token(u32 mark, const u32 *codes, u32 count, i32 step) {
    if (written + 16 + 4 * count > room) __builtin_trap();
    u8 *start = out + written;
    u32 bytes = 0;
    if (mark) start[bytes++] = (u8)mark;
    for (u32 at = 0; at < count; at++, codes += step) bytes += encoded(start + bytes, *codes);
    start[bytes++] = ' ';
    for (u32 slot = hash_of(start, bytes);; slot++) {
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

static void word_tokens(u32 titled, u32 tails) {
    group_token(titled, folded, letters < LONGEST ? letters : LONGEST);
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
    letters = heard_letters = is_told_apart = 0;
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
        letters = heard_letters = is_told_apart = 0;
        for (u32 at = from; at < to; at++) {
            u32 class = classes[codes[at]] & GROUP;
            if (class == MARK) class = WORD;
            if (class != group) end_group(group, titled, tails, begun, at), begun = at;
            group = class;
            if (class == SIGN) continue;
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
