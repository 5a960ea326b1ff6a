"""A page in headless Chromium, driven through chromedriver (W3C WebDriver).

    with Browser(scratch_directory) as b:
        b.open("file:///.../page.html", width=390)
        b.run("return document.title")
        assert not b.errors()

Needs Debian's chromium and chromium-driver. Nothing is loaded from a network."""

import json
import os
import re
import subprocess
import urllib.request

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
         "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars",
         "--disable-dev-shm-usage"]


class Browser:
    def __init__(self, scratch):
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True,
            stderr=subprocess.DEVNULL)
        self.base, self.session = None, None
        self.profile = os.path.join(scratch, "chromium")

    def __enter__(self):
        for line in self.driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                break
        else:
            raise RuntimeError("chromedriver did not start")
        self.base = f"http://127.0.0.1:{found[1]}"
        options = {"args": FLAGS + [f"--user-data-dir={self.profile}"]}
        made = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.session = made["sessionId"]
        return self

    def __exit__(self, *_):
        if self.session:
            self.ask("DELETE", f"/session/{self.session}")
        self.driver.terminate()
        self.driver.wait()

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as reply:
            return json.load(reply)["value"]

    def post(self, path, **body):
        return self.ask("POST", f"/session/{self.session}{path}", body)

    def devtools(self, command, **params):
        return self.post("/goog/cdp/execute", cmd=command, params=params)

    def open(self, url, width, dark=False):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width,
                      height=900, deviceScaleFactor=1, mobile=width < 600)
        self.devtools("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])
        self.post("/url", url=url)

    def run(self, script, *args):
        return self.post("/execute/sync", script=script, args=args)

    def press(self, *keys):
        """Keys as a person types them, to whatever has the focus."""
        events = [{"type": kind, "value": key}
                  for key in keys for kind in ("keyDown", "keyUp")]
        self.post("/actions", actions=[
            {"type": "key", "id": "keyboard", "actions": events}])

    def errors(self):
        return [entry for entry in self.post("/se/log", type="browser")
                if entry["level"] == "SEVERE"]
