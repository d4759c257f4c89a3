// What runs in pages, whichever browser shows them.

// The time of day in cells, so that a screenshot tells when it was taken. CSP lets scripts draw.
export function showTime() {
    const bits = 24;
    const strip = document.createElement("canvas");
    Object.assign(strip, { width: bits, height: 1 });
    Object.assign(strip.style, { position: "fixed", top: 0, left: 0, width: "960px", height: "12px", imageRendering: "pixelated", pointerEvents: "none" });
    const draw = () => {
        const now = Date.now() % 2 ** bits;
        for (let bit = 0; bit < bits; bit++) {
            strip.getContext("2d").fillStyle = (now >> bit) & 1 ? "white" : "black";
            strip.getContext("2d").fillRect(bit, 0, 1, 1);
        }
        requestAnimationFrame(draw);
    };
    document.body.append(strip);
    draw();
}

// Where the picture is, without what is black beside it.
export function pictureBox() {
    const video = document.getElementById("video");
    const box = video.getBoundingClientRect();
    const scale = Math.min(box.width / video.videoWidth, box.height / video.videoHeight);
    const [width, height] = [video.videoWidth * scale, video.videoHeight * scale];
    return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}

export function isMoving() {
    const video = document.getElementById("video");
    return video.currentTime > 0 && !video.paused && video.readyState > 2;
}
export function shows([id, like]) {
    const element = document.getElementById(id);
    return new RegExp(like).test(element.value || element.textContent);
}
