// @ts-check

/** Whether this page stands in a frame on another site. */
export const framed = document.documentElement.hasAttribute("data-framed");

/** The cookie that marks a browser in which somebody is signed in; it proves nothing. */
export const MARKER = framed ? "frame-reader" : "reader";

/** Where what scripts bring leads from this page. A frame has a rule of its own (embed/links.js), there before all else. */
export const links = {
  /** An address of ours as it is reached from here. */
  here: (/** @type {string} */ address) => address,
  /** The address of a comment for others to open. */
  shared: (/** @type {string} */ address) => address,
  /** Called with all that is made, before it is put on the page. */
  settle: (/** @type {ParentNode} */ _made) => {},
};
