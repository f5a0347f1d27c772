#!/bin/bash
# In the virtual machine: reads `NUMBER BASE64` lines from the second serial port, runs each as a script of root, and
# answers `NUMBER CODE BASE64` with its output.
export PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin HOME=/root
stty -F /dev/ttyS1 raw -echo
exec 3<>/dev/ttyS1
printf 'ready\n' >&3
while read -r -u 3 number text; do
  output=$(printf '%s' "$text" | base64 -d | bash 2>&1 3>&-)
  code=$?
  printf '%s %s %s\n' "$number" "$code" "$(printf '%s' "$output" | base64 -w 0)" >&3
done
