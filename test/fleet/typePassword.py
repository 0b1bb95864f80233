# Runs a program on a terminal of its own and types a password whenever it is asked for one: typePassword.py PASSWORD PROGRAM ARGS…
import os
import pty
import sys

password, program = sys.argv[1], sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(program[0], program)
asked = b""
while True:
    try:
        read = os.read(terminal, 4096)
    except OSError:
        break
    if not read:
        break
    os.write(1, read)
    asked += read
    if b"assword" in asked and asked.rstrip().endswith(b":"):
        os.write(terminal, password.encode() + b"\n")
        asked = b""
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
