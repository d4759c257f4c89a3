// Keys of the whole page, beside those that the control with the focus has a use for itself.

function keeps(control, key) {
    if (control.matches("button, summary")) return key === " ";
    if (control.matches("input[type=range]")) return key.startsWith("arrow");
    return control.matches("input, select, textarea");
}

/// `acts`: what keys do, by their names in lower case.
export function listenToKeys(acts) {
    document.addEventListener("keydown", (event) => {
        const key = event.key.toLowerCase();
        if (!acts[key] || event.ctrlKey || event.metaKey || event.altKey || keeps(event.target, key)) return;
        event.preventDefault();
        acts[key]();
    });
}
