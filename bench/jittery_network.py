"""A way to a server on which everything is late, and unevenly so."""
import asyncio
import random
import threading

CHUNK = 65536


class JitteryNetwork:
    """Passes TCP on to `port` of this machine; what comes either way takes `mean` seconds, give or take `jitter`, but keeps its order."""

    def __init__(self, port, mean, jitter):
        self.target, self.mean, self.jitter = port, mean, jitter
        self.port = None
        self.chance = random.Random(1)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        server = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", 0), self.loop).result(5)
        self.port = server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)

    async def _serve(self, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))

    async def _pass(self, reader, writer):
        under_way = asyncio.Queue()

        async def deliver():
            while (late := await under_way.get()) is not None:
                due, chunk = late
                await asyncio.sleep(due - self.loop.time())
                writer.write(chunk)
                await writer.drain()
            writer.close()

        delivery = asyncio.ensure_future(deliver())
        try:
            while chunk := await reader.read(CHUNK):
                under_way.put_nowait((self.loop.time() + self.mean + self.chance.uniform(-self.jitter, self.jitter), chunk))
        except OSError:
            pass
        under_way.put_nowait(None)
        try:
            await delivery
        except OSError:
            pass
