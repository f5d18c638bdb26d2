# The command line itself: help everywhere, manual pages, errors that say what to do.

commands() {
    "$SHIKAKU" --help | sed -n 's/^  \([a-z][a-z -]*[a-z]\)  .*/\1/p'
}

@test "every command has help with examples in both languages" {
    [ -n "$(commands)" ]
    commands | while read -r command; do
        run "$SHIKAKU" $command --help
        [ "$status" -eq 0 ]
        [[ "$output" == usage:\ shikaku\ $command* ]]
        [[ "$output" == *examples:* ]]
        echo "$output" | grep -qE 'の|を|る'
    done
}

@test "manual pages are made for every command and mandoc accepts them" {
    pages=$(mktemp -d)
    "$SHIKAKU" --write-manual "$pages"
    [ "$(ls "$pages" | wc -l)" -eq "$(($(commands | wc -l) + 1))" ]
    for page in "$pages"/*; do
        mandoc -T lint -W error "$page"
        mandoc -T html "$page" | grep -q 'SYNOPSIS'
    done
    rm -r "$pages"
}

@test "an unknown command and an unknown option are told, with exit code 2" {
    run "$SHIKAKU" numbr
    [ "$status" -eq 2 ]
    [[ "$output" == *"no command 'numbr'"* ]]
    first=$(commands | head -n 1)
    run "$SHIKAKU" $first --no-such-option
    [ "$status" -eq 2 ]
    [[ "$output" == *SKK-9001*"unknown option --no-such-option"* ]]
}

@test "no command at all is a usage error that shows the commands" {
    run "$SHIKAKU"
    [ "$status" -eq 2 ]
    [[ "$output" == *"shikaku demo"* ]]
}
