/* Which words of an archive may be words of rules in another spelling: each word for itself, in no article and beside
 * nothing, folded and small, as the search index has it. A word may be too many here, but none too few.
 */
#ifndef VOCABULARY_H
#define VOCABULARY_H

#include "beside.h"

#define SOUNDING '='       /* before a word of which folding hides how it sounds */
#define CUT_OFF 40u        /* so many letters of a word the index has at most */

enum { ANY_RUN = -1, NAME_SIGNS = -2 }; /* answers that are no ways: a run that may say anything; two signs that may begin a name */

/* Words of rules that begin others with a cognate behind them: lists by the sums of their letters; for each how the words
 * that go on so are called, and the word that follows.
 */
static Set begun_with;
static Row followed_by;
static u32 longest_begun;

/* Take in such words: for each the way by which they are called, the way of the one that follows, the letters behind their
 * count.
 */
EXPORT void know_begun(u32 count) {
    const i32 *in = numbers_of(&input);
    for (u32 at = 0; at < count; at += 3 + (u32)in[at + 2]) {
        u32 length = (u32)in[at + 2];
        u64 sum = sum_of_letters((const u32 *)in + at + 3, length);
        set_value(&begun_with, sum, appended(value_of(&begun_with, sum), (i32)followed_by.count));
        push(&followed_by, in[at]), push(&followed_by, way_of((u32)in[at + 1])[OF_WAY + OF_SLOT]);
        if (length > longest_begun) longest_begun = length;
    }
}

static u32 known_of(u32 code) { return code <= LAST_LETTER ? (u32)numbers_of(&letter_table)[code] >> FOLDED_BITS : 0; }

static int has_letter(const u32 *letters, u32 length, u32 letter) {
    for (u32 at = 0; at < length; at++)
        if (letters[at] == letter) return 1;
    return 0;
}

static int has_doubled(const u32 *letters, u32 length) {
    for (u32 at = 1; at < length; at++)
        if (letters[at] == letters[at - 1] && is_doubled(letters[at])) return 1;
    return 0;
}

/* Answer with words that begin with a word of rules and go on as another one sounds. */
static void hear_behind(Language *language, u32 number, const u32 *letters, u32 length) {
    Article article = {.language = language};
    u64 sum = sum_of_letters(letters, 0);
    for (u32 cut = 1; cut <= longest_begun && cut + SHORTEST_REST <= length; cut++) {
        sum = (sum ^ letters[cut - 1]) * 0x100000001b3ull;
        u32 list = value_of(&begun_with, sum ? sum : 1);
        if (list) hear_rests(&article, letters + cut, length - cut);
        const i32 *some = list_at(list);
        for (i32 n = 1; n <= some[0]; n++) {
            const i32 *pair = numbers_of(&followed_by) + some[n];
            if (length >= CUT_OFF || goes_on(&article, wanted_at(word_at((u32)pair[1])->wanted))) push(&output, (i32)number), push(&output, pair[0]);
        }
    }
}

static void hear_alone(Language *language, u32 number, const u32 *letters, u32 length) {
    Hearing heard = {.language = language, .letters = letters, .length = length};
    u32 script = script_in(letters, length), flags = scripts[script].flags & NO_VOWELS ? WITH_VOWELS : 0;
    leading.count = terms.count = 0;
    for (are_one = 0; are_one <= (u32)has_doubled(letters, length); are_one++)
        say_all(&heard, letters, length, letters, length, script, flags);
    are_one = 0;
    language->heard.count = language->sounds.count = 0;
    for (u32 n = 0; n < terms.count; n += 2) push(&output, (i32)number), push(&output, numbers_of(&terms)[n]);
}

/* Answer of what two letters of a run say. */
static void look_at_run(u32 number, const u32 *letters, u32 length) {
    if (letters[0] < FIRST_WITH_SIGNS) push(&output, (i32)number), push(&output, ANY_RUN);
    else if (length == 2 && flags_of_letter(letters[0]) & flags_of_letter(letters[1]) & WRITES_NAMES)
        push(&output, (i32)number), push(&output, NAME_SIGNS);
}

/* Hear words in the input, so many letters with the ends of lines; only those with a letter, if that is not 0. Answers with
 * pairs: which word, and which way it answers alone. Returns how many numbers these are; or, less than 0, how many letters it
 * was answered with that must be known first.
 */
EXPORT i32 hear_words(u32 number, u32 count, u32 only) {
    Language *language = language_of(number);
    const u32 *text = (const u32 *)input.at, *end = text + count;
    if ((u64)count * 4 > input.room) __builtin_trap();
    output.count = 0;
    if (note_new_letters(text, count)) return -(i32)output.count;
    for (u32 word = 0; text < end; word++) {
        u32 length = 0;
        while (text + length < end && text[length] != '\n') length++;
        const u32 *letters = text;
        text += length + 1;
        if (length && letters[0] == SOUNDING) letters++, length--;
        if (!length || length > LONGEST_SAID || (only && !has_letter(letters, length, only))) continue;
        if ((known_of(letters[0]) & GROUPS) == IN_RUNS) {
            look_at_run(word, letters, length);
            continue;
        }
        hear_alone(language, word, letters, length);
        if (begun_with.count) hear_behind(language, word, letters, length);
    }
    return (i32)output.count;
}

enum { IS_NOT, GOES_ON_SO, IS_ALL };

/* Whether what signs say may be all of a word of rules, or may be if it goes on. */
static int may_begin_as(const Wanted *own, const Heard *heard) {
    i32 row[MOST_SOUNDS + 1], most = own->room > own->derived ? own->room : own->derived;
    int begins = IS_NOT;
    if (!own->more) most = room_in_run(own, heard);
    const Costs *costs = first_row(own, heard, row);
    const u8 *sounds = bytes_of(&pool) + own->sounds, *kinds = sounds + own->length;
    for (u32 place = 0; place < own->length; place++) {
        if (row[heard->length] <= most) begins = GOES_ON_SO;
        if (next_row(costs, sounds, kinds, place, heard, row) > most) return begins;
    }
    return least_of(row, heard->length) <= most ? IS_ALL : begins;
}

/* Hear beginnings of names as signs say them, a line of sounds each. Answers with which beginning, twice, and one more if it
 * may be all, and the way; else as `hear_words` does.
 */
EXPORT i32 hear_signs(u32 script, u32 count) {
    const u32 *text = (const u32 *)input.at, *end = text + count;
    if ((u64)count * 4 > input.room || script >= SCRIPTS) __builtin_trap();
    output.count = 0;
    u32 lacks = IN_LONG_WORDS;
    for (u32 group = scripts[script].group; group < 2; group++) lacks |= OF_A_GROUP << group;
    for (u32 word = 0; text < end; word++) {
        u32 length = 0;
        u8 sounds[MOST_SOUNDS], signs[MOST_SOUNDS + 1];
        while (text + length < end && text[length] != '\n') length++;
        Heard heard = {.length = read_signs(text, length, A_FEW_SIGNS, sounds, signs), .profile = scripts[script].profile,
                       .is_open = 1, .signs = signs, .sounds = sounds};
        listen_to(&heard);
        text += length + 1;
        for (u32 number = 0; number < entries.count; number++) {
            const Entry *entry = entry_at(number);
            int begins = entry->only & lacks ? IS_NOT : may_begin_as(wanted_at(entry->wanted), &heard);
            const i32 *said = list_at(begins ? entry->alone : 0);
            for (i32 n = 1; n <= said[0]; n++) push(&output, (i32)(2 * word) + (begins == IS_ALL)), push(&output, said[n]);
        }
    }
    return (i32)output.count;
}

#endif
