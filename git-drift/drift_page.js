(function () {
	"use strict";
	var form = document.getElementById("filters");
	var text = document.getElementById("text");
	var own = document.getElementById("own");
	var leave = document.getElementById("leave");
	var shown = document.getElementById("shown");
	var files = Array.from(document.querySelectorAll(".file"));
	var links = Array.from(document.querySelectorAll("nav a"));
	var letters = Array.from(form.querySelectorAll("[name=letter]"));
	var dir = "";

	function apply() {
		var on = {}, words = text.value.toLowerCase().split(/\s+/);
		var nr = 0;

		letters.forEach(function (box) { on[box.value] = box.checked; });
		files.forEach(function (file) {
			var path = file.dataset.path, low = path.toLowerCase();
			var ok = on[file.dataset.letter] && path.startsWith(dir) &&
				!(own && own.checked && file.dataset.own) &&
				words.every(function (w) { return low.includes(w); });

			file.hidden = !ok;
			nr += ok;
		});
		links.forEach(function (a) {
			if (a.dataset.dir === dir)
				a.setAttribute("aria-current", "true");
			else
				a.removeAttribute("aria-current");
		});
		leave.hidden = !dir;
		leave.textContent = "in " + dir + " \u00d7";
		shown.textContent = nr + " of " + files.length + " shown";
	}

	function openAll(open) {
		files.forEach(function (file) {
			if (!file.hidden)
				file.open = open;
		});
	}

	links.forEach(function (a) {
		a.addEventListener("click", function (event) {
			event.preventDefault();
			dir = dir === a.dataset.dir ? "" : a.dataset.dir;
			apply();
		});
	});
	leave.addEventListener("click", function () { dir = ""; apply(); });
	document.getElementById("open").addEventListener("click",
		function () { openAll(true); });
	document.getElementById("close").addEventListener("click",
		function () { openAll(false); });
	form.addEventListener("input", apply);
	form.addEventListener("submit", function (event) {
		event.preventDefault();
	});
	/* Beside the files there is room for it, in front of them there is not. */
	if (!window.matchMedia("(min-width: 900px)").matches)
		document.querySelector("nav details").open = false;
	form.hidden = false;
	apply();
})();
