#!/bin/sh
# Shows the viewer: in a window where there is a display, else as pictures and a report in $DEMO_OUTPUT.
# Usage: DEMO_OUTPUT=folder sh demo/run.sh [FILE …]      (`viewer` and `python` on the PATH)
set -eu

out=${DEMO_OUTPUT:-demo-output}
phantoms=$out/phantoms
mkdir -p "$out"

if [ "$#" -eq 0 ]; then
	own=no
	viewer phantoms "$phantoms" --lesions 8 --clips 2 --seed 7 >/dev/null
	clip=$(python -c 'from pydicom.data import get_testdata_file as f; print(f("examples_ybr_color.dcm", download=False))')
	set -- "$clip" "$phantoms"
else
	own=yes
fi

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname)" = Darwin ]; then
	exec viewer open "$@"
fi

echo "There is no display here, so the window is drawn into $out instead:"
export QT_QPA_PLATFORM=offscreen

draw() { # NAME PATH… : a picture of the window
	name=$1
	shift
	viewer snapshot "$@" --out "$out/$name.png"
	echo "  $out/$name.png"
}

if [ "$own" = yes ]; then
	draw window "$@"
else
	draw ultrasound "$clip" --frame 10
	draw phantom-clip "$(find "$phantoms" -name '*.dcm' | sort | head -n 1)" --frame 12
	draw lesion "$(find "$phantoms" -name '*.png' ! -path '*mask*' | sort | head -n 1)" --bundle phantom-lesions
fi
rm -f "$out/rows.csv" "$out/rows.csv.clips.csv"
viewer assess "$@" --out "$out/rows.csv" --html "$out/report"
echo "  $out/report/index.html"
