/* How the pages of a segment are written, and how they are read.
 *
 * A page has entries in the order of their tokens' bytes. An entry: in half a byte each, how many bytes its token shares
 * with the one before it in the page, and how many are its own (MANY: a byte says it); these; of how many bytes its list
 * is, as a varint, and the list. A token with a long list has several entries, one after the other, maybe in several pages. A list: for each article, as a varint, how
 * many articles it skips, and in which lines the token stands, 64 lines counted round and round: a byte a line, of which
 * MORE says that another one follows; or SET and the lines as bits of the next 8 bytes.
 *
 * What is read was written by us, but may come from a damaged file: lengths are checked, so nothing is read for ever.
 */
#ifndef PAGES_H
#define PAGES_H
#include "kernel.h"

enum { LONGEST_TOKEN = 200, MANY = 15, MORE = 64, SET = 128, NOBODY = 0xFFFFFFFFu };

typedef struct {
    const u8 *at, *end;       /* what is left of the pages */
    const u8 *list, *list_end; /* of the entry that was read last */
    u64 key;                  /* its token's first bytes */
    u32 shared, length; /* how many bytes the one before had, too: up to MANY */
    u8 token[LONGEST_TOKEN + 8];
} Entries;

typedef struct {
    const u8 *at, *end;
    const u8 *lines; /* of the article that was read last */
    u32 article;
} List;

/* Copy few bytes, 8 at a time: up to 7 more are written behind them. A copy of unknown length is a call, and slower. */
static inline void copy_short(u8 *to, const u8 *from, u32 bytes) {
    for (u32 at = 0; at < bytes; at += 8) copy(to + at, from + at, 8);
}

static inline u64 some_bytes(const u8 *at) {
    u64 some;
    copy(&some, at, 8);
    return some;
}

/* The first 8 bytes as one number, so that most tokens compare by it. */
static u64 key_of(const u8 *token, u32 length) {
    u64 key = __builtin_bswap64(some_bytes(token)); /* what lies behind a short one does not count */
    return length >= 8 ? key : length ? key & ~0ull << (64 - 8 * length) : 0;
}

/* Below, at or above 0 as one token stands before, at or behind the other. */
static i32 compared(const u8 *one, u32 length, const u8 *other, u32 other_length) {
    for (u32 at = 0; at < length && at < other_length; at += 8) {
        u64 left = key_of(one + at, length - at), right = key_of(other + at, other_length - at);
        if (left != right) return left < right ? -1 : 1;
    }
    return (i32)length - (i32)other_length;
}

static u32 varint(const u8 **at, const u8 *end) {
    u32 value = 0;
    for (u32 shift = 0; *at < end && shift < 35; shift += 7) {
        u8 byte = *(*at)++;
        value |= (u32)(byte & 127) << shift;
        if (byte < 128) return value;
    }
    __builtin_trap();
}

/* Read the next entry; whether there is one. */
static u32 next_entry(Entries *from) {
    if (from->at >= from->end) return 0;
    if (from->end - from->at < 3) __builtin_trap();
    u32 shared = *from->at >> 4, own = *from->at++ & MANY;
    if (own == MANY) own = *from->at++;
    if (shared + own > LONGEST_TOKEN || own >= (u32)(from->end - from->at)) __builtin_trap();
    copy_short(from->token + shared, from->at, own);
    from->at += own;
    from->shared = shared, from->length = shared + own;
    from->key = key_of(from->token, from->length);
    u32 bytes = varint(&from->at, from->end);
    if (bytes > (u32)(from->end - from->at)) __builtin_trap();
    from->list = from->at;
    from->list_end = from->at += bytes;
    return 1;
}

static inline List list_of(const u8 *list, const u8 *end) { return (List){list, end, list, NOBODY}; }

/* Read the next article of a list; whether there is one. */
static inline u32 next_article(List *from) {
    if (from->at >= from->end) return 0;
    from->article += varint(&from->at, from->end) + 1;
    from->lines = from->at;
    if (from->at < from->end && *from->at & SET) {
        from->at += 9;
    } else {
        while (from->at < from->end && *from->at & MORE) from->at++;
        from->at++;
    }
    if (from->at > from->end) __builtin_trap();
    return 1;
}
#endif
