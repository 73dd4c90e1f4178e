package dev.agentauth.benchmarks.load;

import static dev.agentauth.benchmarks.load.Table.format;

import java.util.List;
import java.util.Map;

/** The growth curve as an SVG that reads on light and on dark ground. */
final class GrowthChart {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 320;
    private static final int LEFT = 64;
    private static final int RIGHT = 616;
    private static final int TOP = 48;
    private static final int BOTTOM = 272;
    private static final int STEPS = 4;
    private static final List<String> CLASSES = List.of("a", "b");

    private GrowthChart() {}

    /** CPU milliseconds by how many registrations and tokens there are, one line for each path. */
    static String svg(Map<String, Map<Integer, Double>> curves) {
        double top = roundedUp(curves.values().stream()
                .flatMap(curve -> curve.values().stream())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1));
        int least = curves.values().stream()
                .flatMap(curve -> curve.keySet().stream())
                .mapToInt(Integer::intValue)
                .min()
                .orElse(1);
        int most = curves.values().stream()
                .flatMap(curve -> curve.keySet().stream())
                .mapToInt(Integer::intValue)
                .max()
                .orElse(1);
        StringBuilder svg = new StringBuilder(format("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img"
                  aria-label="CPU milliseconds per request by the number of live registrations and tokens">
                <style>
                  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
                  .grid { stroke: #d1d9e0; stroke-width: 1; }
                  .line { fill: none; stroke-width: 2.5; }
                  .a { stroke: #0969da; } .dot.a, .name.a { fill: #0969da; stroke: none; }
                  .b { stroke: #bc4c00; } .dot.b, .name.b { fill: #bc4c00; stroke: none; }
                  @media (prefers-color-scheme: dark) {
                    text { fill: #f0f6fc; }
                    .grid { stroke: #3d444d; }
                    .a { stroke: #58a6ff; } .dot.a, .name.a { fill: #58a6ff; }
                    .b { stroke: #ffa657; } .dot.b, .name.b { fill: #ffa657; }
                  }
                </style>
                <text x="%3$d" y="22">CPU ms per request, by live registrations and tokens</text>
                """, WIDTH, HEIGHT, 16));
        for (int i = 0; i <= STEPS; i++) {
            double value = top * i / STEPS;
            svg.append(format(
                    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>\n",
                    LEFT, RIGHT, y(value, top), y(value, top)));
            svg.append(format(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.3f</text>\n", LEFT - 8, y(value, top) + 4, value));
        }
        int line = 0;
        for (Map.Entry<String, Map<Integer, Double>> curve : curves.entrySet()) {
            String style = CLASSES.get(line % CLASSES.size());
            StringBuilder points = new StringBuilder();
            StringBuilder dots = new StringBuilder();
            curve.getValue().forEach((size, cpu) -> {
                points.append(format("%.1f,%.1f ", x(size, least, most), y(cpu, top)));
                dots.append(format(
                        "<circle class=\"dot %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>%,d: %.4f</title></circle>\n",
                        style, x(size, least, most), y(cpu, top), size, cpu));
            });
            svg.append(format(
                            "<polyline class=\"line %s\" points=\"%s\"/>\n",
                            style, points.toString().strip()))
                    .append(dots);
            svg.append(format(
                    "<text class=\"name %s\" x=\"%d\" y=\"42\">%s</text>\n", style, LEFT + line * 130, curve.getKey()));
            line++;
        }
        for (int size : curves.values().iterator().next().keySet()) {
            svg.append(format(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,d</text>\n",
                    x(size, least, most), BOTTOM + 22, size));
        }
        return svg.append("</svg>\n").toString();
    }

    private static double x(int size, int least, int most) {
        double span = Math.log((double) most / least);
        return span == 0 ? LEFT : LEFT + 24 + (RIGHT - LEFT - 48) * Math.log((double) size / least) / span;
    }

    private static double y(double value, double top) {
        return BOTTOM - (BOTTOM - TOP) * value / top;
    }

    private static double roundedUp(double value) {
        double unit = Math.pow(10, Math.floor(Math.log10(value)));
        return Math.ceil(value / unit * 2) / 2 * unit;
    }
}
