"""Firefox, driven by the protocol that comes with it: Marionette."""
import base64
import itertools
import json
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from viewer import HERE, start_as_viewer  # first: it says where the others are found
from house import wait_for

WIDTH, HEIGHT = 1280, 900  # pixels of the page
SCRIPTS = (HERE / "in_page.mjs").read_text().replace("export ", "")
ENTER = "\ue007"  # as WebDriver writes the key
PREFERENCES = {"marionette.port": 0, "media.autoplay.default": 0, "browser.shell.checkDefaultBrowser": False,
               "datareporting.policy.dataSubmissionEnabled": False, "app.update.enabled": False}


class Firefox:
    """With one page; each deed waits until it is done."""

    def __init__(self, folder):
        self.profile = Path(tempfile.mkdtemp(prefix="firefox-", dir=folder))
        (self.profile / "user.js").write_text("".join(f'user_pref("{name}", {json.dumps(value)});\n'
                                                      for name, value in PREFERENCES.items()))
        self.process = subprocess.Popen(
            ["firefox-esr", "--headless", "--no-remote", "--profile", self.profile, "--marionette"], preexec_fn=start_as_viewer,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": str(self.profile)})
        port = self.profile / "MarionetteActivePort"
        self.connection = socket.create_connection(("127.0.0.1", int(wait_for(lambda: port.exists() and port.read_text(), 30, "Firefox"))))
        self.stream = self.connection.makefile("rb")
        self.numbers = itertools.count(1)
        self._read()
        self.ask("NewSession", capabilities={})
        self.ask("SetWindowRect", width=WIDTH, height=HEIGHT)

    def _read(self):
        length = b""
        while (byte := self.stream.read(1)) != b":":
            length += byte
        return json.loads(self.stream.read(int(length)))

    def ask(self, command, **parameters):
        message = json.dumps([0, next(self.numbers), f"WebDriver:{command}", parameters]).encode()
        self.connection.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._read()
        assert error is None, f"Firefox, {command}: {error}"
        return result

    def evaluate(self, script, *arguments):
        """What `script` returns; it knows the functions of in_page.mjs."""
        return self.ask("ExecuteScript", script=f"{SCRIPTS}\n{script}", args=arguments)["value"]

    def open(self, url):
        self.ask("Navigate", url=url)
        self.evaluate("showTime()")

    def _element(self, id):
        return next(iter(self.ask("FindElement", using="css selector", value=f"#{id}")["value"].values()))

    def type(self, id, text):
        self.ask("ElementSendKeys", id=self._element(id), text=text)

    def click(self, id):
        self.ask("ElementClick", id=self._element(id))

    def choose(self, id, value):
        self.evaluate("""const [id, value] = arguments;
            const element = document.getElementById(id);
            element.value = value;
            element.dispatchEvent(new Event("change", { bubbles: true }));""", id, value)

    def playing(self):
        wait_for(lambda: self.evaluate("return isMoving()"), 20, "Firefox plays")

    def read(self, id, like):
        wait_for(lambda: self.evaluate("return shows(arguments)", id, like), 20, f"#{id} in Firefox is like {like}")

    def shoot(self, file):
        """Where the picture is in the screenshot, which is of WIDTH."""
        file.write_bytes(base64.b64decode(self.ask("TakeScreenshot", full=False)["value"]))
        return self.evaluate("return pictureBox()")

    def close(self):
        self.stream.close()
        self.connection.close()
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.profile, True)
