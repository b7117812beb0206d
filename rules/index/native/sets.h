/* Sets of numbers of 64 bits, each with a number that it stands for. */
#ifndef SETS_H
#define SETS_H

#include "rows.h"

typedef struct {
    Row keys, values;
    u32 mask, count;
} Set;

/* A set of slots of an alternative has a bit for each; those beyond share one. */
#define MOST_SLOTS 31u
static inline u32 bit_of_slot(u32 place) { return 1u << (place < MOST_SLOTS ? place : MOST_SLOTS - 1); }

static inline u32 place_in(const Set *set, u64 key) {
    const u64 *keys = (const u64 *)set->keys.at;
    u32 at = (u32)((key * 0x9e3779b97f4a7c15ull) >> 32) & set->mask;
    while (keys[at] && keys[at] != key) at = (at + 1) & set->mask;
    return at;
}

/* What a key stands for; 0 if it is not there. No key is 0. */
static inline u32 value_of(const Set *set, u64 key) {
    if (!set->mask) return 0;
    u32 at = place_in(set, key);
    return ((const u64 *)set->keys.at)[at] ? (u32)numbers_of(&set->values)[at] : 0;
}

static void set_value(Set *set, u64 key, u32 value) {
    if (set->count * 8 >= set->mask * 5) {
        Set larger = {.mask = set->mask ? set->mask * 2 + 1 : 31};
        widen(&larger.keys, (larger.mask + 1) * 8);
        widen(&larger.values, (larger.mask + 1) * 4);
        fill((void *)larger.keys.at, 0, (larger.mask + 1) * 8);
        fill((void *)larger.values.at, 0, (larger.mask + 1) * 4);
        for (u32 at = 0; set->mask && at <= set->mask; at++) {
            u64 old = ((u64 *)set->keys.at)[at];
            if (old) set_value(&larger, old, (u32)numbers_of(&set->values)[at]);
        }
        leave(&set->keys), leave(&set->values);
        *set = larger;
    }
    u32 at = place_in(set, key);
    if (!((u64 *)set->keys.at)[at]) set->count++;
    ((u64 *)set->keys.at)[at] = key;
    numbers_of(&set->values)[at] = (i32)value;
}

static u64 sum_of_letters(const u32 *letters, u32 length) {
    u64 sum = 0xcbf29ce484222325ull;
    for (u32 at = 0; at < length; at++) sum = (sum ^ letters[at]) * 0x100000001b3ull;
    return sum ? sum : 1;
}

#endif
