#!/bin/sh
# Shows the viewer: in a window where there is a display, else as pictures and reports in $DEMO_OUTPUT.
# Usage: [DEMO_OUTPUT=folder] [MODALITY=dermoscopy] sh demo/run.sh [FILE …]      (`viewer` and `python` on the PATH)
set -eu

out=${DEMO_OUTPUT:-demo-output}
modality=${MODALITY:+--modality $MODALITY}
mkdir -p "$out"

phantoms=$out/phantoms
if [ "$#" -eq 0 ]; then
	viewer phantoms "$phantoms" --lesions 8 --clips 2 --seed 7 >/dev/null
	real=$(python -c 'from pydicom.data import get_testdata_file as find; print(find("examples_ybr_color.dcm", download=False))')
fi

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname)" = Darwin ]; then
	[ "$#" -gt 0 ] || set -- "$real" "$phantoms/clips" "$phantoms/lesions"
	# shellcheck disable=SC2086 # the option is two words, or none
	exec viewer open $modality "$@"
fi

echo "There is no display here, so pictures of the window and reports go to $out:"

picture() { # NAME OPTION… PATH…
	name=$1
	shift
	viewer snapshot --out "$out/$name.png" "$@"
	echo "  $out/$name.png"
}

report() { # NAME OPTION… PATH… ; files that cannot be read have had their sentence
	name=$1
	shift
	viewer assess --fresh --out "$out/$name.csv" --html "$out/$name" "$@" || [ $? -eq 1 ]
	echo "  $out/$name/index.html"
}

if [ "$#" -gt 0 ]; then
	# shellcheck disable=SC2086 # as above
	picture window $modality "$@"
	# shellcheck disable=SC2086
	report report $modality "$@"
	exit
fi

set -- "$phantoms"/lesions/*.png
picture ultrasound --frame 10 "$real"
picture phantom-clip --frame 12 "$phantoms/clips"
picture phantom-lesion --bundle phantom-lesion "$1"
report report "$real" "$phantoms/clips"
report report-lesions --bundle phantom-lesion "$phantoms/lesions"
