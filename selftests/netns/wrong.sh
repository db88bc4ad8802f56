# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2016 # $ is of the filters
#
# For scenarios that type what is wrong: HAK is the command.

WORDS_TABLE=$HAK_SELFTESTS/netns/words.table
export WORDS_TABLE

# wrong WANTED-EXIT EXPRESSION WORDS...: as people see it and as scripts do
BAD=0
wrong() {
	local want=$1 expr=$2 rc text
	shift 2
	text=$("${HAK[@]}" "$@" </dev/null 2>&1)
	rc=$?
	if [ "$rc" != "$want" ]; then
		bad "exit $rc, not $want: $* -> $text"
		return
	fi
	[[ $text =~ $expr ]] || bad "does not name '$expr': $* -> $text"
	[ -n "$TEXT_ONLY" ] || wrong_json "$want" "$expr" "$@"
}

bad() {
	note "${1:0:300}"
	BAD=$((BAD + 1))
}

# What came is judged later, by json_judge, all of it at once.
TEXT_ONLY='' EACH=''
wrong_json() {
	local want=$1 expr=$2 rc text
	shift 2
	text=$("${HAK[@]}" -j "$@" </dev/null 2>&1)
	rc=$?
	[ "$rc" = "$want" ] || bad "with -j: exit $rc, not $want: $* -> $text"
	printf '%s\t%s\t%s\n' "${*//[$'\t\n']/ }" "$expr" "${text//[$'\t\n']/ }" >>"$HAK_TMP/json"
}

# json_judge: every answer is an object per error, with all keys, one of which
# tells the word
json_judge() {
	local line
	[ -e "$HAK_TMP/json" ] || return 0
	gojq -Rr 'split("\t") as [$words, $expr, $text] |
		def documents: . as $t | try [fromjson] catch
			(try ("[" + ($t | gsub("} {\"error\""; "},{\"error\"")) + "]" | fromjson) catch []);
		($text | documents | map(.error)) as $errors |
		if ($errors | length > 0 and all(type == "object" and
			has("file") and has("line") and has("word") and has("code") and
			has("text") and has("choices") and
			(.code | type == "string" and length > 0) and
			(.text | type == "string" and length > 0)) and
			any((.text + " " + (.word // "")) | test($expr)))
		then empty else $words + " -> " + $text end' "$HAK_TMP/json" >"$HAK_TMP/judged" ||
		bad "the JSON cannot be read"
	while read -r line; do
		bad "with -j: $line"
	done <"$HAK_TMP/judged"
	rm -f "$HAK_TMP/json"
}

# run_table: the lines on stdin. EACH: a function that is called after every line
run_table() {
	local want expr words n=0
	while IFS='|' read -r want expr words; do
		case $want in
		'' | '#'*) continue ;;
		esac
		n=$((n + 1))
		eval "set -- $words"
		wrong "$want" "$expr" "$@"
		[ -z "$EACH" ] || "$EACH" "$words"
	done
	note "$n lines"
	check_ge "lines tried" "$n" "${MIN:-20}"
	[ "$BAD" = 0 ] || fail "$BAD lines"
}
