/* What readers see of small pieces of HTML, as feeds carry them: all pieces of a feed in one call.
 *
 * Reads what is plainly nested: paragraphs, headings, lists, boxes, what stands in a line, references that everybody
 * knows. It declines all else (scripts, tables, tags that overlap, references without an end), which libxml2 reads
 * (text.py), and says what libxml2 would. What it writes has no blanks but single spaces and at most two line ends in
 * a row; of texts with letters that are not stored as they are it says so.
 */
#include "kernel.h"

#define DEEPEST 60
#define DECLINED 0
#define CLEAN 1
#define UNUSUAL 2 /* Python must look at its letters */

enum kind { NOTHING, INLINE, LINK, PARAGRAPH, HEADING, BOX, LIST, ITEM, BREAK, RULE, VOID };

/* A tag's name as a whole number: its letters and digits as digits to the base 37, of which twelve have room. */
struct tag { u64 name, kind; };
static const struct tag *tags;
static const u64 *reference_names; /* their letters, the last one lowest; none has more than eight */
static const u32 *reference_codes;
static const u8 *unusual; /* a bit for each letter of the first plane */
static u32 tag_count, reference_count;

/* Take what is known: names in ascending order, what each is, and which letters are unusual. */
EXPORT void know(u32 tags_at, u32 tags_count, u32 names_at, u32 codes_at, u32 references, u32 unusual_at) {
    tags = (const struct tag *)tags_at;
    tag_count = tags_count;
    reference_names = (const u64 *)names_at;
    reference_codes = (const u32 *)codes_at;
    reference_count = references;
    unusual = (const u8 *)unusual_at;
}

/* What is being read and written. */
static const u8 *at, *end;
static u8 *out;
static u32 line_ends; /* that are due before the next letter */
static u8 had;        /* a letter has been written */
static u8 space;      /* a blank is due before the next letter */
static u8 is_unusual;
static struct { u64 name; u8 kind; } open[DEEPEST];
static u32 depth;

static int is_letter(u8 byte) { return (u8)((byte | 32) - 'a') < 26; }
static int is_digit(u8 byte) { return (u8)(byte - '0') < 10; }
static int is_blank(u8 byte) { return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r'; }

static int is_space(u32 letter) {
    return letter == 0xA0 || letter == 0x1680 || (letter >= 0x2000 && letter <= 0x200A) || letter == 0x202F ||
           letter == 0x205F || letter == 0x3000;
}

static void put(u32 letter) {
    if (letter < 0x80) *out++ = (u8)letter;
    else if (letter < 0x800) {
        *out++ = (u8)(0xC0 | letter >> 6);
        *out++ = (u8)(0x80 | (letter & 63));
    } else if (letter < 0x10000) {
        *out++ = (u8)(0xE0 | letter >> 12);
        *out++ = (u8)(0x80 | (letter >> 6 & 63));
        *out++ = (u8)(0x80 | (letter & 63));
    } else {
        *out++ = (u8)(0xF0 | letter >> 18);
        *out++ = (u8)(0x80 | (letter >> 12 & 63));
        *out++ = (u8)(0x80 | (letter >> 6 & 63));
        *out++ = (u8)(0x80 | (letter & 63));
    }
}

/* Write what is due before a letter. */
static void before_letter(void) {
    if (had && line_ends)
        for (; line_ends; line_ends--) *out++ = '\n';
    else if (had && space) *out++ = ' ';
    line_ends = space = 0;
    had = 1;
}

/* Write a letter; 0 if it is none that may stand in a text of a feed. */
static int write(u32 letter) {
    if (letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r' || is_space(letter)) {
        space = 1;
        return 1;
    }
    if (letter < 0x20 || letter == 0x7F || (letter >= 0x80 && letter < 0xA0)) return 0;
    if (letter == 0x2028 || letter == 0x2029 || (letter >= 0xD800 && letter < 0xE000) || letter > 0x10FFFF) return 0;
    before_letter();
    if (letter > 0xFFFF || (unusual[letter >> 3] >> (letter & 7) & 1)) is_unusual = 1;
    put(letter);
    return 1;
}

/* Whether a byte is a letter that is copied as it is. */
static int is_plain(u8 byte) { return byte > ' ' && byte < 0x7F && byte != '<' && byte != '&'; }

/* Copy letters, and single blanks between them, for as long as they are ordinary. Most bytes of a feed come by here. */
static void copy_words(void) {
    const u8 *from = at, *to = end;
    u8 *into = out;
    while (from < to) {
        u8 first = *from;
        if (is_plain(first) || (first == ' ' && to - from > 1 && is_plain(from[1]))) {
            *into++ = first;
            from++;
        } else if (first >= 0xE0 && first < 0xF0 && to - from > 2) {
            u32 letter = (first & 15u) << 12 | (from[1] & 63u) << 6 | (from[2] & 63u);
            if (unusual[letter >> 3] >> (letter & 7) & 1) break;
            into[0] = first, into[1] = from[1], into[2] = from[2];
            into += 3, from += 3;
        } else if (first >= 0xC2 && first < 0xE0 && to - from > 1) {
            u32 letter = (first & 31u) << 6 | (from[1] & 63u);
            if (letter < 0xA0 || (unusual[letter >> 3] >> (letter & 7) & 1)) break;
            into[0] = first, into[1] = from[1];
            into += 2, from += 2;
        } else break;
    }
    out = into, at = from;
}

/* Read one letter of UTF-8, which Python has made. */
static u32 letter_here(void) {
    u32 first = *at, more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    if ((u32)(end - at) <= more) __builtin_trap();
    u32 letter = more ? first & (0x3Fu >> more) : first;
    for (at++; more; more--) letter = letter << 6 | (*at++ & 63);
    return letter;
}

/* Read text up to the next tag or reference; 0 if a letter stands there that may not. */
static int text_run(void) {
    while (at < end && *at != '<' && *at != '&') {
        if (!write(letter_here())) return 0;
        if (!space) copy_words();
    }
    return 1;
}

static int number_reference(void) {
    u32 code = 0, digits = 0, base = 10;
    at++;
    if (at < end && (*at | 32) == 'x') base = 16, at++;
    for (; at < end && digits < 8; at++, digits++) {
        u8 low = *at | 32;
        if (is_digit(*at)) code = code * base + (*at - '0');
        else if (base == 16 && low >= 'a' && low <= 'f') code = code * base + (low - 'a' + 10);
        else break;
    }
    if (!digits || at >= end || *at++ != ';') return 0;
    if (code == '\r' || (code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code < 0xFDF0)) return 0;
    return write(code);
}

static int named_reference(void) {
    u64 name = 0;
    for (u32 length = 0; at < end && (is_letter(*at) || is_digit(*at)); at++) {
        if (++length > 8) return 0;
        name = name << 8 | *at;
    }
    if (at >= end || *at++ != ';') return 0;
    u32 low = 0, high = reference_count;
    while (low < high) {
        u32 middle = (low + high) / 2;
        if (reference_names[middle] < name) low = middle + 1;
        else high = middle;
    }
    return low < reference_count && reference_names[low] == name && write(reference_codes[low]);
}

static int reference(void) {
    u8 next = ++at < end ? *at : ' ';
    if (next == '#') return number_reference();
    if (is_letter(next)) return named_reference();
    return write('&');
}

static int comment(void) {
    at += 4; /* <!-- */
    if (at >= end || *at == '>' || *at == '-') return 0;
    for (; end - at >= 3; at++)
        if (at[0] == '-' && at[1] == '-') {
            if (at[2] != '>') return 0;
            at += 3;
            return 1;
        }
    return 0;
}

static u64 name_here(void) {
    u64 name = 0;
    for (u32 length = 0; at < end && (is_letter(*at) || is_digit(*at)); at++) {
        if (++length > 12) return 0;
        name = name * 37 + (is_letter(*at) ? (*at | 32) - 'a' + 11u : *at - '0' + 1u);
    }
    return name;
}

/* Step over attributes to behind the ">"; 0 if they are not ordinary. `closes` tells of a "/" before it. */
static int attributes(int *closes) {
    *closes = 0;
    for (;;) {
        int parted = 0;
        while (at < end && is_blank(*at)) at++, parted = 1;
        if (at < end && *at == '/') {
            *closes = 1;
            if (++at >= end || *at != '>') return 0;
        }
        if (at >= end) return 0;
        if (*at == '>') {
            at++;
            return 1;
        }
        if (!parted || !(is_letter(*at) || *at == '_')) return 0;
        while (at < end && (is_letter(*at) || is_digit(*at) || *at == '-' || *at == '_' || *at == ':' || *at == '.')) at++;
        if (at >= end || *at != '=') continue;
        u8 quote = ++at < end ? *at : 0;
        if (quote == '"' || quote == '\'') {
            for (at++; at < end && *at != quote; at++)
                if (*at == '<' || *at == '>') return 0;
            if (at++ >= end) return 0;
        } else {
            const u8 *begin = at;
            while (at < end && !is_blank(*at) && *at != '>') {
                if (*at == '"' || *at == '\'' || *at == '<' || *at == '=' || *at == '`' || *at == '/') return 0;
                at++;
            }
            if (at == begin) return 0;
        }
    }
}

static void due(u32 wanted) { if (line_ends < wanted) line_ends = wanted; }
static void due_of(u8 kind) {
    if (kind >= PARAGRAPH && kind <= RULE) due(kind == PARAGRAPH ? 2 : 1);
}
static u8 kind_of(u64 name) {
    u32 low = 0, high = tag_count;
    while (low < high) {
        u32 middle = (low + high) / 2;
        if (tags[middle].name < name) low = middle + 1;
        else high = middle;
    }
    return low < tag_count && tags[low].name == name ? (u8)tags[low].kind : NOTHING;
}

static void pop(void) {
    depth--;
    due_of(open[depth].kind);
}

/* End what a tag ends by beginning; 0 if it may not stand where it does. */
static int makes_room(u8 kind) {
    u8 top = depth ? open[depth - 1].kind : BOX;
    if (kind == INLINE || kind == LINK || kind == VOID || kind == BREAK) {
        if (top == LIST) return 0;
        for (u32 each = 0; kind == LINK && each < depth; each++)
            if (open[each].kind == LINK) return 0;
        return 1;
    }
    if (kind == ITEM && top == ITEM) pop(), top = open[depth - 1].kind;
    if (kind == ITEM) return top == LIST;
    if (top == PARAGRAPH && kind == PARAGRAPH) pop(), top = depth ? open[depth - 1].kind : BOX;
    return top == BOX || top == ITEM;
}

static int begin_tag(void) {
    int closes;
    u64 name = name_here();
    u8 kind = kind_of(name);
    if (kind == NOTHING || !attributes(&closes)) return 0;
    int is_empty = kind == BREAK || kind == RULE || kind == VOID;
    if ((closes && !is_empty) || !makes_room(kind)) return 0;
    due_of(kind);
    if (is_empty) return 1;
    if (depth == DEEPEST) return 0;
    open[depth].kind = kind;
    open[depth++].name = name;
    return 1;
}

static int end_tag(void) {
    int closes;
    u64 name = name_here();
    u8 kind = kind_of(name);
    if (kind == NOTHING || !attributes(&closes) || closes) return 0;
    if (kind == BOX || kind == ITEM || kind == LIST) {
        if (depth > 1 && open[depth - 1].kind == PARAGRAPH) pop();
        if (depth > 1 && kind == LIST && open[depth - 1].kind == ITEM) pop();
    }
    if (!depth || open[depth - 1].name != name) return 0;
    pop();
    return 1;
}

/* A text that begins a block comes after the line ends that are due, unless it is all blank. */
static int read(void) {
    while (at < end) {
        if (*at == '<') {
            u8 next = end - at > 1 ? at[1] : 0;
            if (next == '!') {
                if (end - at < 7 || at[2] != '-' || at[3] != '-' || !comment()) return 0;
            } else if (next == '/') {
                at += 2;
                if (!end_tag()) return 0;
            } else {
                at++;
                if (!is_letter(next) || !begin_tag()) return 0;
            }
        } else if (depth && open[depth - 1].kind == LIST) {
            if (!is_blank(*at++)) return 0;
        } else {
            if (*at == '&' ? !reference() : !text_run()) return 0;
        }
    }
    return 1;
}

/* Write each text behind the one before it, where it ends, and whether it was read. */
EXPORT void plain(u32 in_at, u32 ends_at, u32 count, u32 out_at, u32 out_ends_at, u32 states_at) {
    const u8 *in = (const u8 *)in_at;
    const u32 *ends = (const u32 *)ends_at;
    u32 *out_ends = (u32 *)out_ends_at;
    u8 *states = (u8 *)states_at;
    u32 begin = 0;
    out = (u8 *)out_at;
    for (u32 each = 0; each < count; begin = ends[each], each++) {
        if (ends[each] < begin) __builtin_trap();
        u8 *from = out;
        at = in + begin, end = in + ends[each];
        line_ends = depth = 0;
        had = space = is_unusual = 0;
        states[each] = read() ? is_unusual ? UNUSUAL : CLEAN : DECLINED;
        if (states[each] == DECLINED) out = from;
        out_ends[each] = (u32)(out - (u8 *)out_at);
    }
}
