// The contrast of a text is judged once per look: the same ink on the same ground, at the same
// size, is as readable on every page. What axe pays most for is to find what lies behind a text.
seen => {
    const known = new Set(seen), fresh = new Set(), grounds = new WeakMap();
    const ground = element => {
        if (!element) return "";
        if (!grounds.has(element)) {
            const style = getComputedStyle(element);
            const own = [
                style.backgroundColor === "rgba(0, 0, 0, 0)" ? "" : style.backgroundColor,
                style.backgroundImage === "none" ? "" : style.backgroundImage,
                style.opacity === "1" ? "" : style.opacity,
                style.filter === "none" ? "" : style.filter,
                style.position === "static" || style.position === "relative" ? "" : style.position,
            ].join("");
            const behind = ground(element.parentElement);
            grounds.set(element, own ? `${behind}/${own}` : behind);
        }
        return grounds.get(element);
    };
    const ink = element => {
        const style = getComputedStyle(element);
        return [style.color, style.fontSize, style.fontWeight, style.textShadow, style.visibility,
            ground(element)].join("|");
    };
    const rule = axe._audit.rules.find(rule => rule.id === "color-contrast");
    const matches = window.parvisMatches ??= rule.matches;  // of axe, however often this is asked
    rule.matches = function (node, virtual) {
        const look = ink(virtual.actualNode);
        if (known.has(look) || !matches.call(this, node, virtual)) return false;
        fresh.add(look);
        return true;
    };
    window.parvisFresh = fresh;
}
