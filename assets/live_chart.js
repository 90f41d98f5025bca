// A chart that is drawn anew in place while a training runs: its zoom, its hidden lines and its nodes stay.
//
// Streamlit names a chart after a digest of all it shows, so another point would be another chart: the old one is
// thrown away, with the zoom a person made, and a new one is built. So the page draws a chart without points, which
// stays the same, and this puts the figure of now into it. It tells the chart as Plotly itself tells it after a change
// that did not come from the page ("plotly_redraw"); Streamlit's wrapper then draws what the chart holds, and keeps
// whatever a person has set, since `uirevision` stays the same.

const LOOK_EVERY = 150; // milliseconds: a chart may appear after its figure, or be made anew (a theme, another axis)

const SILENCE = 10000; // milliseconds without another figure, while the page looks every second: its clock has stopped

export default function ({ data, setTriggerValue }) {
  const figure = JSON.parse(data.figure);
  let asked = null; // the chart that was given the figure
  let before = null; // and what it had drawn last: once that changes, it has taken the figure
  let drawn = null;
  let timer = 0;
  const look = () => {
    timer = setTimeout(look, LOOK_EVERY);
    const place = document.querySelector(`.st-key-${data.key}`);
    const chart = place?.querySelector(".js-plotly-plot");
    // The chart of a training that is over has no such mark: it may be there a moment before this one ends.
    if (!chart?._fullLayout || chart.layout?.meta !== data.mark) return;
    const words = place.querySelector("[data-testid=stPlotlyChart]");
    if (words && words.getAttribute("aria-label") !== data.alt) words.setAttribute("aria-label", data.alt);
    if (chart === drawn || chart._dragging) return; // a zoom is not taken from under the hand
    if (chart === asked && chart._fullLayout !== before) {
      drawn = chart;
      return;
    }
    [asked, before] = [chart, chart._fullLayout];
    draw(chart, figure);
  };
  look();
  // Streamlit's clock of a tab has been seen to stop: the run was over, and the tab showed it training for ever.
  let alarm = 0;
  const ask = () => {
    alarm = setTimeout(ask, SILENCE);
    setTriggerValue("silence", true);
  };
  alarm = setTimeout(ask, SILENCE);
  return () => {
    clearTimeout(timer);
    clearTimeout(alarm);
  };
}

/** Give the chart another figure; one that is still being built does not hear of it. */
function draw(chart, figure) {
  const { width, height, clickmode, dragmode, meta } = chart.layout;
  chart.data = figure.data;
  chart.layout = { ...figure.layout, width, height, clickmode, dragmode, meta };
  chart.emit("plotly_redraw");
}
