/* What Python says of words of rules: what they sound like, and how much another word may differ. */
#ifndef WANTED_H
#define WANTED_H

#include "near.h"

/* Of which kind a sound is if it is missing, as `similarity` tells them apart. */
static u8 kind_of(const u8 *sounds, u32 length, u32 at) {
    u32 sound = sounds[at], before = at ? sounds[at - 1] : 0, after = at + 1 < length ? sounds[at + 1] : 0;
    if (is_vowel(sound)) return VOWEL;
    if (sound == SOUND('h')) return H;
    if (sound == SOUND('r')) return R;
    if ((sound == SOUND('n') || sound == SOUND('m')) &&
        (after == SOUND('b') || after == SOUND('d') || after == SOUND('g') || after == SOUND('p') || after == SOUND('t')))
        return NASAL;
    if (sound == SOUND('k') && after == SOUND('t')) return SILENT;
    int is_nasal = before == SOUND('n') || before == NG;
    return is_nasal && (sound == SOUND('g') || sound == SOUND('k')) ? SILENT : LOUD;
}

/* How many of some sounds may be missing for so much, in scripts that leave none out: the cheapest ones first. */
static u32 most_missing(const u8 *kinds, u32 length, i32 room) {
    u32 counts[8] = {0}, missing = 0;
    for (u32 at = 0; at < length; at++) counts[kinds[at]]++;
    for (i32 left_over = room;;) {
        u32 best = 0;
        for (u32 kind = 1; kind <= LOUD; kind++)
            if (counts[kind] && (!best || plain_misses[kind] < plain_misses[best])) best = kind;
        if (!best || plain_misses[best] > left_over) return missing;
        counts[best]--, missing++, left_over -= plain_misses[best];
    }
}

/* Take in a word of rules: profile, room, stem, room of the stem, what may follow it, derived, what it is as a lone name, its room in
 * a run, in words without vowels, and in those with them, and the sounds. Returns where its numbers end.
 */
static u32 learn_wanted(const i32 *in) {
    u32 length = (u32)in[WANTED_SOUNDS], clipped = length > LONGEST ? LONGEST : length, more = length > clipped;
    i32 room = in[1], derived = more ? (in[1] > in[5] ? in[1] : in[5]) : in[5];
    widen(&wanted, (wanted.count + 1) * sizeof(Wanted));
    if ((u32)in[0] >= PROFILES || (in[2] && (u32)in[4] >= afters.count)) __builtin_trap();
    Wanted *own = wanted_at(wanted.count++);
    *own = (Wanted){.sounds = pool.count, .after = (u32)in[4], .room = (i16)room, .stem_room = (i16)in[3],
                    .derived = (i16)derived, .run_room = (i16)in[7], .bare_room = (i16)in[8], .word_room = (i16)in[9],
                    .length = (u8)clipped, .stem = (u8)((u32)in[2] > clipped ? 0 : in[2]), .profile = (u8)in[0],
                    .lone = (u8)in[6], .more = (u8)more};
    u8 kinds[LONGEST], sounds[LONGEST];
    for (u32 at = 0; at < clipped; at++) push_byte(&pool, sounds[at] = (u8)in[WANTED_SOUNDS + 1 + at] & 31);
    for (u32 at = 0; at < clipped; at++) push_byte(&pool, kinds[at] = kind_of(sounds, clipped, at));
    if (own->run_room > room) room = own->run_room;
    u32 few = most_missing(kinds, clipped, room > derived ? room : derived);
    own->shortest = (u8)(clipped - few);
    if (own->stem) {
        few = own->stem - most_missing(kinds, own->stem, in[3]);
        if (few < own->shortest) own->shortest = (u8)few;
    }
    return WANTED_SOUNDS + 1 + length;
}

static u32 near_to[32]; /* for each sound, which ones some script hardly tells from it, as bits */

EXPORT void know_near(u32 count) {
    if (count > 32) __builtin_trap();
    for (u32 n = 0; n < count; n++) near_to[n] = (u32)numbers_of(&input)[n];
}

/* Twice what sounds weigh: a vowel half as much as others. */
static u32 twice_the_weight(const u8 *sounds, u32 length) {
    u32 weight = 2 * length;
    for (u32 at = 0; at < length; at++) weight -= is_vowel(sounds[at]) != 0;
    return weight;
}

static i32 at_most(u32 room) { return room < MOST_ROOM ? (i32)room : MOST_ROOM; }

/* How much two parts of a word may differ from words of rules, of which one weighs so much, and more. */
static i32 room_of_both(u32 one, u32 other, u32 more) { return at_most((one > other ? one : other) * 1101 / 10 + more); }

/* Take in two words as one: sounds and length of the beginning, all of the first word or its stem; those of the second word, and the
 * length of its stem, 0 if it has none; how both treat sounds, and what may follow that stem. A sound of both parts is heard once:
 * one of the rule's is then missing.
 */
static void learn_two(const u8 *first, u32 length, const u8 *second, u32 all, u32 stem, u32 profile, u32 after) {
    i32 row[WANTED_SOUNDS + 1 + 2 * MOST_SOUNDS];
    u32 more = NEXT_BEST - 1, begins = twice_the_weight(first, length);
    for (u32 at = length > NEAR_THE_END ? length - NEAR_THE_END : 0, is_near = 0; at < length && all && !is_near; at++)
        if (near_to[second[0]] >> first[at] & 1) is_near = 1, more += is_vowel(second[0]) ? 400 : 1000;
    i32 room = room_of_both(begins, twice_the_weight(second, all), more);
    i32 stem_room = stem ? room_of_both(begins, twice_the_weight(second, stem), more) : NO_ROOM;
    i32 given[] = {(i32)profile, room, stem ? (i32)(length + stem) : 0, stem_room, (i32)after, NO_ROOM,
                   0, NO_ROOM, MOST_ROOM, MOST_ROOM, (i32)(length + all)};
    copy(row, given, sizeof given);
    for (u32 at = 0; at < length + all; at++) row[WANTED_SOUNDS + 1 + at] = at < length ? first[at] : second[at - length];
    learn_wanted(row);
    Wanted *own = wanted_at(wanted.count - 1);
    own->begun = (u8)(length > own->length ? own->length : length), own->begun_room = (i16)at_most(begins * 2001 / 20);
}

#endif
