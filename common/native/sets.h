/* Sets of numbers of 64 bits, each with a number that it stands for. */
#ifndef SETS_H
#define SETS_H

#include "rows.h"

typedef struct {
    Row members;
    u32 size, count; /* so many have room, so many are there */
} Set;

typedef struct {
    u32 low, high, value;
} Member;

/* A large set may be fuller: what is remembered of a language's words fits into half the room then. */
#define LARGE_SET 10000u

/* A small set of places is a number with a bit for each; those beyond share one. */
#define MOST_BITS 31u
static inline u32 bit_for(u32 place) { return 1u << (place < MOST_BITS ? place : MOST_BITS - 1); }

/* Where a key is, or would be. */
static inline Member *member_of(const Set *set, u64 key) {
    Member *every = (Member *)set->members.at;
    u32 at = (u32)((key * 0x9e3779b97f4a7c15ull >> 32) * set->size >> 32), low = (u32)key, high = (u32)(key >> 32);
    while (every[at].low | every[at].high && (every[at].low != low || every[at].high != high)) at = at + 1 < set->size ? at + 1 : 0;
    return &every[at];
}

/* What a key stands for; 0 if it is not there. No key is 0. */
static inline u32 value_of(const Set *set, u64 key) { return set->size ? member_of(set, key)->value : 0; }

static inline int is_full(u32 size, u32 count) { return count * 8 >= size * (size < LARGE_SET ? 5 : 6); }

/* Let a set have room for so many and one more. */
__attribute__((noinline)) static void hold(Set *set, u32 count) {
    if (!is_full(set->size, count)) return;
    Set larger = {.count = set->count};
    u32 room = set->size ? set->members.room : 1u << power_of(32 * sizeof(Member)); /* as `widen` gives it */
    for (; is_full(room / sizeof(Member), count);) room *= 2;
    widen(&larger.members, room);
    fill((void *)larger.members.at, 0, larger.members.room);
    larger.size = larger.members.room / sizeof(Member);
    for (const Member *old = (const Member *)set->members.at, *end = old + set->size; old < end; old++)
        if (old->low | old->high) *member_of(&larger, (u64)old->high << 32 | old->low) = *old;
    leave(&set->members);
    *set = larger;
}

__attribute__((noinline)) static void set_value(Set *set, u64 key, u32 value) {
    hold(set, set->count);
    Member *member = member_of(set, key);
    if (!(member->low | member->high)) set->count++;
    *member = (Member){(u32)key, (u32)(key >> 32), value};
}

static u64 sum_of_letters(const u32 *letters, u32 length) {
    u64 sum = 0xcbf29ce484222325ull;
    for (u32 at = 0; at < length; at++) sum = (sum ^ letters[at]) * 0x100000001b3ull;
    return sum ? sum : 1;
}

/* Take in words that were handed over, a line each. */
static void take_lines(Set *set, u32 count) {
    const u32 *text = (const u32 *)input.at, *end = text + count;
    u32 lines = 0;
    for (u32 at = 0; at < count; at++) lines += text[at] == '\n';
    hold(set, set->count + lines);
    for (const u32 *line = text; line < end;) {
        u32 length = 0;
        while (line + length < end && line[length] != '\n') length++;
        set_value(set, sum_of_letters(line, length), 1);
        line += length + 1;
    }
}

#endif
