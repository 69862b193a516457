// The picture as a file: SVG with its colours written out, or PNG made of that; nothing leaves the machine.

function saveBlob(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function fileName(extension) {
  const plain = document.title.normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60);
  return `${plain || "diplograph"}.${extension}`;
}

// PNG at twice the size: a data address is all that the page's policy lets it read.
function savePng(text, width, height) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => {
      // Canvases have an end; a very large picture is scaled down to it.
      const scale = Math.min(2, 16000 / width, 16000 / height);
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => {
        if (!blob) return reject(new Error("The picture is too large for a PNG. Save it as SVG."));
        saveBlob(blob, fileName("png"));
        return resolve();
      }, "image/png");
    };
    image.onerror = () => reject(new Error("The picture cannot be drawn as PNG. Save it as SVG."));
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  });
}

function saveSvg(text) {
  saveBlob(new Blob([text], { type: "image/svg+xml" }), fileName("svg"));
}
