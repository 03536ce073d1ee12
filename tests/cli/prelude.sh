# shellcheck shell=bash
# What the text of a case can use besides $EGSHARK.

make_capture()
{
    python3 "$CLI/../support/make_capture.py" "$@"
}

# A small day of 10.1.0.4: one destination of each class; see vm.txt.
make_vm()
{
    make_capture "$@" <"$CLI/vm.txt"
}

# pick PATH...: members of the JSON on standard input, one a line; a missing one is an error.
pick()
{
    python3 "$CLI/../support/pick.py" "$@"
}

# Prints the status of a command behind what it prints.
status_of()
{
    local status=0
    "$@" || status=$?
    echo "status $status"
}

# interrupted SIGNAL FILE REST COMMAND...: sends the signal once COMMAND has read FILE from a pipe and
# waits for more, which is the file REST; if that is "", the pipe stays open.
interrupted()
{
    python3 "$CLI/../support/interrupted.py" "$@"
}
