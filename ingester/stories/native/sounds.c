/* How names sound, about the same in all scripts (`../names.py`, where the sounds are that count as one).
 *
 * Of each letter Python says once how it is written in Latin ones.
 */
#include "checksums.h"

#define LETTERS 0x40000 /* behind these there are none that words are made of */
#define MOST_SOUNDS 32
#define NAME 2

static struct { u8 from[4], to[4], from_count, to_count; } sounds[MOST_SOUNDS];
static u32 sound_count, least;
static const u8 **latin; /* of each letter: how many it is in Latin, and these; 0 where nobody has said it yet */

/* Know which sounds count as one: pairs of texts, each with a 0 behind it, of so many bytes; and how long a name is. */
EXPORT void know(u32 pairs_at, u32 size, u32 shortest) {
    begin_checksums();
    least = shortest;
    latin = (const u8 **)take(LETTERS * sizeof *latin);
    const u8 *at = (const u8 *)pairs_at, *end = at + size;
    while (at < end) {
        if (sound_count == MOST_SOUNDS) __builtin_trap();
        for (; *at; at++) sounds[sound_count].from[sounds[sound_count].from_count++ & 3] = *at;
        for (at++; *at; at++) sounds[sound_count].to[sounds[sound_count].to_count++ & 3] = *at;
        at++, sound_count++;
    }
}

/* Learn how letters are written in Latin ones, small and without accents: so many of each. */
EXPORT void learn(u32 letters_at, u32 counts_at, u32 count, u32 written_at) {
    const u32 *letters = (const u32 *)letters_at;
    const u8 *counts = (const u8 *)counts_at, *written = (const u8 *)written_at;
    for (u32 n = 0; n < count; n++) {
        if (letters[n] >= LETTERS) continue;
        u8 *own = (u8 *)take(counts[n] + 1);
        own[0] = counts[n];
        copy(own + 1, written, counts[n]);
        latin[letters[n]] = own;
        written += counts[n];
    }
}

/* Write a sound for another, everywhere, from the left. One of all sounds is longer than what it counts as, by one
 * letter: so no text gets longer than twice what it was. */
static u32 replace(const u8 *from, u32 count, u8 *to, u32 sound) {
    const u8 *wanted = sounds[sound].from;
    u32 size = sounds[sound].from_count, written = 0;
    for (u32 at = 0; at < count;) {
        u32 same = 0;
        while (same < size && at + same < count && from[at + same] == wanted[same]) same++;
        if (same < size) {
            to[written++] = from[at++];
            continue;
        }
        for (u32 n = 0; n < sounds[sound].to_count; n++) to[written++] = sounds[sound].to[n];
        at += size;
    }
    return written;
}

static u32 is_one_of(u8 letter, const char *some) {
    for (; *some; some++)
        if (letter == *some) return 1;
    return 0;
}

static u32 has(const u8 *text, u32 count, u8 letter) {
    for (u32 n = 0; n < count; n++)
        if (text[n] == letter) return 1;
    return 0;
}

/* Leave the consonants of a name as all scripts write them, about; nothing of too few. */
static u32 bones_of(const u32 *word, u32 length, u8 *bones) {
    u32 before = mark(), count = 0, many = 0;
    for (u32 n = 0; n < length; n++)
        if (word[n] < LETTERS && latin[word[n]]) many += latin[word[n]][0];
    u8 *text = (u8 *)take(2 * many + 1), *other = (u8 *)take(2 * many + 1);
    for (u32 n = 0; n < length; n++) {
        const u8 *own = word[n] < LETTERS ? latin[word[n]] : 0;
        for (u32 at = 0; own && at < own[0]; at++) text[count++] = own[1 + at];
    }
    u32 is_long = count >= least;
    for (u32 sound = 0; is_long && sound < sound_count; sound++) {
        if (!has(text, count, sounds[sound].from[0])) continue;
        count = replace(text, count, other, sound);
        u8 *swapped = text;
        text = other, other = swapped;
    }
    many = 0;
    if (is_long && count && is_one_of(text[0], "aeiouy")) bones[many++] = '_';
    for (u32 n = 0; is_long && n < count; n++)
        if (!is_one_of(text[n], "aeiouyhw") && (!many || bones[many - 1] != text[n])) bones[many++] = text[n];
    release(before);
    return many < least ? 0 : many;
}

/* Write the bones of words behind each other, and the sign of each, 0 where there are none; return where bones begin.
 *
 * letters: of all words; ends: where each ends, and then where its bones do. */
EXPORT u32 sound(u32 letters_at, u32 ends_at, u32 count, u32 signs_at) {
    const u32 *letters = (const u32 *)letters_at;
    u32 *ends = (u32 *)ends_at, *signs = (u32 *)signs_at, at = 0, written = 0, many = 0;
    for (u32 n = 0; n < (count ? ends[count - 1] : 0); n++)
        if (letters[n] < LETTERS && latin[letters[n]]) many += latin[letters[n]][0];
    u8 *bones = (u8 *)take(2 * many + count);
    for (u32 n = 0; n < count; n++) {
        u32 own = bones_of(letters + at, ends[n] - at, bones + written), crc = begun_with('k');
        for (u32 each = 0; each < own; each++) crc = with_letter(crc, bones[written + each]);
        signs[n] = own ? (ended(crc) & ~3u) | NAME : 0;
        at = ends[n];
        ends[n] = written += own;
    }
    return (u32)bones;
}
