/* In which ways the new words of an article may be said, and which are no spelling of anything. */
#ifndef SAID_H
#define SAID_H

#include "hearing/hearing.h"
#include "meeting.h"

#define LONGEST_SAID 80u  /* rules/languages/compounds.py */
#define LONGEST_SMALL 3u
#define SHORT_RUN 2u
#define LONGEST_STEM 4u /* so many letters are a stem in any script */
#define FIRST_WITH_SIGNS 0x3000u

/* The words of the article that is read, by number. */
static Row article_words;

static int is_strange(const u32 *letters, u32 length) {
    for (u32 at = 0; at < length; at++)
        if (flags_of_letter(letters[at]) & STRANGE) return 1;
    return 0;
}

static void say(Hearing *of, const u32 *letters, u32 length, u32 flags) {
    u32 small[LONGEST_SAID * 2];
    if (length > LONGEST_SAID * 2) return;
    for (u32 at = 0; at < length; at++) small[at] = small_at[letters[at]];
    hear_one(of, small, length, script_in(letters, length), flags);
}

/* Say a word with letters that may be heard in two ways. */
static void say_otherwise(Hearing *of, const u32 *letters, u32 length, u32 script, u32 flags) {
    const Row *every = &scripts[script].alternatives;
    for (u32 n = 0; n < every->count;) {
        const i32 *some = numbers_of(every) + n, *other = some + 1 + some[0];
        u32 text[LONGEST_SAID * 2], count = 0, found = 0;
        n = (u32)(other + 1 + other[0] - numbers_of(every));
        for (u32 at = 0; at < length && count + 8 < LONGEST_SAID * 2;) {
            if (is_at(letters, length, at, some)) {
                for (i32 more = 0; more < other[0] && more < 8; more++) text[count++] = (u32)other[1 + more];
                at += (u32)some[0], found = 1;
            } else {
                text[count++] = letters[at++];
            }
        }
        if (found) say(of, text, count, flags);
    }
}

/* Say a word without what is written onto it. */
static void say_bare(Hearing *of, const u32 *folded, u32 length, u32 flags) {
    const i32 *in = numbers_of(&of->language->prefixes);
    for (u32 n = 0; n < of->language->prefixes.count; n += 1 + (u32)in[n]) {
        u32 size = (u32)in[n];
        if (length < size + (size > 1 ? 3 : 4)) continue;
        if (shared_letters((const u32 *)in + n + 1, size, folded, length) == size) say(of, folded + size, length - size, flags);
    }
}

/* Say a word in all these ways. */
static void say_all(Hearing *of, const u32 *letters, u32 length, const u32 *folded, u32 size, u32 script, u32 flags) {
    say(of, letters, length, flags);
    say_otherwise(of, letters, length, script, flags);
    if (may_have_prefix(folded[0])) say_bare(of, folded, size, flags);
}

/* Whether a word is a common one of the language, with one of its endings maybe. */
static int is_common(const Language *language, const u32 *folded, u32 size) {
    const Tongue *tongue = tongue_of(met_in);
    if (size && value_of(&language->everyday, sum_of_letters(folded, size))) return 1;
    for (u32 ending = 1; ending <= LONGEST_ENDING && ending + LONGEST_STEM <= size; ending++)
        if (ending_of(tongue, folded + size - ending, ending) &&
            value_of(&language->everyday, sum_of_letters(folded, size - ending)))
            return 1;
    return 0;
}

/* Whether a word without capitals is surely no name, be it with what is written onto it: never more than
 * rules/languages/everyday.py says.
 */
static int is_everyday(const Language *language, const u32 *folded, u32 size) {
    const i32 *in = numbers_of(&language->prefixes);
    if (is_common(language, folded, size)) return 1;
    for (u32 n = 0; may_have_prefix(folded[0]) && n < language->prefixes.count; n += 1 + (u32)in[n]) {
        u32 length = (u32)in[n];
        if (shared_letters((const u32 *)in + n + 1, length, folded, size) == length && is_common(language, folded + length, size - length)) return 1;
    }
    return 0;
}

/* Whether a name may begin inside a run: from any letter on, but of signs only where some stand that write names. */
static int may_hold_names(u32 first, const u32 *folded, u32 size) {
    if (first < FIRST_WITH_SIGNS) return 1;
    for (u32 at = 1; at < size; at++)
        if (flags_of_letter(folded[at - 1]) & flags_of_letter(folded[at]) & WRITES_NAMES) return 1;
    return 0;
}

/* Hear a word that is new, or leave it to Python: with which flags it may be said goes to the output then, behind where it
 * stands.
 */
static void hear_word(Language *language, u32 place, u32 number) {
    const u32 *letters = written_at(place), *folded = folded_at(place);
    u32 length = written_length(place), size = folded_length(place), is_run = numbers_of(&flags_of_words)[place] & A_RUN;
    u32 first = flags_of_letter(letters[0]), script = script_in(letters, length);
    u64 sum = sum_of_letters(folded, size);
    u32 is_small = value_of(&small_between, sum);
    int no_name = first & HAS_CAPITALS ? !(first & CAPITAL) : !is_run && is_everyday(language, folded, size);
    u32 flags = no_name ? SMALL : 0;
    int is_said = !(no_name && !language->has_others), is_left = is_said && is_run && may_hold_names(letters[0], folded, size);
    int is_initials = length > 1 && letters[1] == '.'; /* A.B. */
    is_small |= first & CAPITAL && (is_initials || is_patronymic(folded, size));
    i32 own = (i32)(IS_SMALL * (is_small || (is_run && length <= SHORT_RUN)) | IS_RUN * is_run);
    if (!is_run) {
        if (size > LONGEST_SAID || (!(first & CAPITAL) && value_of(&stops, sum))) is_said = 0;
        if (size > LONGEST_SMALL && first & SMALL_LETTER && value_of(&language->everyday, sum)) is_said = 0;
        if (scripts[script].flags & NO_VOWELS) flags |= WITH_VOWELS;
    } else {
        flags |= IN_LONG_WORDS;
        if (length > LONGEST_SAID || !language->has_names) is_said = is_left;
    }
    if (is_said && (is_strange(letters, length) || is_strange(folded, size))) is_left = 1;
    if (is_said && is_left) {
        i32 left[OF_LEFT] = {(i32)number, own, (i32)place};
        for (u32 n = 0; n < OF_LEFT; n++) push(&language->left, left[n]);
        push(&output, (i32)place), push(&output, (i32)flags);
        return;
    }
    Hearing heard = begin_word(language, number, own, place);
    if (is_said && is_run) say(&heard, letters, length, flags | WHOLE_RUN);
    else if (is_said) say_all(&heard, letters, length, folded, size, script, flags);
    end_word(&heard);
}

/* Look up the words of the article that was cut, and hear those that are new. Answers with where the words stand that are
 * left to Python, each with flags, and returns how many numbers these are; or, less than 0, how many letters it was answered
 * with that must be known first.
 */
EXPORT i32 look_up(u32 number) {
    Language *language = language_of(number);
    output.count = 0;
    if (note_new_letters((const u32 *)article.at, article.count) | note_new_letters((const u32 *)folded_letters.at, folded_letters.count))
        return -(i32)output.count;
    if (language->known.count > most_remembered()) forget(number);
    article_words.count = language->left.count = 0;
    for (u32 place = 0; place < word_count; place++) {
        u64 sum = sum_of_letters(written_at(place), written_length(place));
        u32 word = value_of(&language->known, sum);
        if (!word) {
            push(&language->words, -1);
            set_value(&language->known, sum, word = language->words.count);
            hear_word(language, place, word - 1);
        }
        push(&article_words, (i32)word - 1);
    }
    return (i32)output.count;
}

#endif
