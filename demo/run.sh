#!/bin/sh
# Shows the viewer: in a window where there is a display, else as pictures and reports in $DEMO_OUTPUT.
# Usage: [DEMO_OUTPUT=folder] [MODALITY=dermoscopy] sh demo/run.sh [FILE …]      (`viewer` and `python` on the PATH)
set -eu

here=$(dirname "$0")
out=${DEMO_OUTPUT:-demo-output}
modality=${MODALITY:+--modality $MODALITY}
mkdir -p "$out"

# Generated pictures, sound and faulty: of either kind fewer than 20 files, from which on a folder is judged as a whole.
phantoms=$out/phantoms-with-faults
lesions="--bundle phantom-lesion --modality dermoscopy"
clips="--bundle phantom-clip"
if [ "$#" -eq 0 ]; then
	viewer phantoms "$phantoms" --lesions 6 --lesions-per-patient 1 --clips 6 --clips-per-patient 1 --frames 30 \
		--faults --seed 11 >/dev/null
	# Generated cases are no site's: what the viewer would remember of them begins anew with every demo.
	rm -rf "$phantoms/remembered"
	XDG_DATA_HOME=$(cd "$phantoms" && pwd)/remembered
	export XDG_DATA_HOME
	sound_clip=$phantoms/clips/PHANTOM-U11-0000_0000.dcm
	sound_lesion=$phantoms/lesions/PHANTOM-D11-0004_00004.png
fi

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname)" = Darwin ]; then
	# shellcheck disable=SC2086 # the option is two words, or none
	[ "$#" -eq 0 ] || exec viewer open $modality "$@"
	echo "The model for lesions is at work. For the clips, choose phantom-clip at the top right."
	# shellcheck disable=SC2086 # the options are several words
	exec viewer open $lesions --masks-by lesion-mask "$phantoms/lesions" "$phantoms/faulty-lesions" "$phantoms/clips" "$phantoms/faulty-clips"
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
	python "$here/lights.py" "$out/$name.clips.csv"
}

if [ "$#" -gt 0 ]; then
	# shellcheck disable=SC2086 # as above
	picture window $modality "$@"
	# shellcheck disable=SC2086
	report report $modality "$@"
	exit
fi

# shellcheck disable=SC2086 # as above; the clip among the lesions is a picture of another kind
{
	report lesions $lesions --masks-by lesion-mask --masks "$out/lesion-masks" "$phantoms/lesions" "$phantoms/faulty-lesions" \
		"$sound_clip"
	report clips $clips "$phantoms/clips" "$phantoms/faulty-clips"
	picture lesion-sound $lesions "$sound_lesion"
	picture lesion-outlined $lesions --masks-by lesion-mask --explanation looking_at_lesion "$sound_lesion"
	picture lesion-unusual $lesions "$phantoms/faulty-lesions/wrong-gamma.png"
	picture lesion-blurred $lesions "$phantoms/faulty-lesions/blurred.png"
	picture lesion-channels-swapped $lesions "$phantoms/faulty-lesions/channels-swapped.png"
	picture clip-timeline $clips --frame 12 "$phantoms/clips/PHANTOM-U11-0002_0002.dcm"
	picture clip-similar-frames $clips --frame 12 --explanation similar_frames "$sound_clip"
	picture clip-map $clips --frame 12 --explanation map "$sound_clip"
}
