/** Marks are points; each state has its own shape, drawn by distance in the fragment shader. Order: bike-states.ts. */
export const bikeVertexShader = `#version 300 es
precision highp float;
in vec2 a_from;
in vec2 a_to;
in float a_start;
in vec2 a_heading;
in uvec2 a_mark;
uniform mat4 u_matrix;
uniform float u_now;
uniform float u_slide;
uniform float u_ratio;
uniform float u_zoom;
uniform float u_dense;
// of an idle bike from afar: small where there are many
uniform float u_idle;
uniform int u_selected;
out float v_heading;
flat out int v_state;
flat out float v_selected;
flat out float v_size;
flat out float v_pin;
flat out float v_dot;
flat out float v_aged;
const float turn = 6.28318531;
void main() {
  float t = u_slide > 0.0 ? clamp((u_now - a_start) / u_slide, 0.0, 1.0) : 1.0;
  vec2 p = mix(a_from, a_to, t);
  // normalised bytes are of 255, headings of 256
  vec2 heading = a_heading * (255.0 / 256.0);
  float way = fract(heading.y - heading.x + 0.5) - 0.5;
  v_heading = (heading.x + way * t) * turn;
  v_state = int(a_mark.x);
  // a silent bike is a ring already
  v_aged = v_state == 2 ? 0.0 : float(a_mark.y);
  v_selected = gl_VertexID == u_selected ? 1.0 : 0.0;
  bool idle = v_state <= 3;
  float size;
  v_pin = 0.0;
  v_dot = 0.0;
  if (u_dense > 0.5) {
    float near = smoothstep(14.6, 15.4, u_zoom);
    size = mix(16.0, 26.0, near);
    if (v_state == 8) size = mix(20.0, 28.0, near);
    if (idle) {
      v_pin = u_zoom >= 15.0 ? 1.0 : 0.0;
      v_dot = u_idle < 9.0 ? 1.0 - v_pin : 0.0;
      size = v_pin > 0.5 ? mix(34.0, 44.0, smoothstep(15.0, 16.0, u_zoom)) : u_idle;
    }
    if (v_selected > 0.5) { size = v_pin > 0.5 ? 64.0 : 40.0; v_dot = 0.0; }
  } else {
    float near = smoothstep(12.5, 15.5, u_zoom);
    size = idle ? mix(8.0, 19.0, near) : mix(15.0, 26.0, near);
    if (v_state == 8) size = mix(17.0, 26.0, near);
    size = mix(size, 40.0, v_selected);
  }
  v_size = size;
  gl_PointSize = size * u_ratio;
  gl_Position = u_matrix * vec4(p, 0.0, 1.0);
}`

export const bikeFragmentShader = `#version 300 es
precision highp float;
in float v_heading;
flat in int v_state;
flat in float v_selected;
flat in float v_size;
flat in float v_pin;
flat in float v_dot;
flat in float v_aged;
uniform vec3 u_colours[9];
uniform vec3 u_outline;
uniform vec3 u_halo;
uniform float u_ratio;
out vec4 colour;

float box(vec2 p, vec2 half_size) {
  vec2 d = abs(p) - half_size;
  return length(max(d, 0.0)) + min(max(d.x, d.y), 0.0);
}
float triangle(vec2 p, float r) {
  const float k = 1.7320508;
  p.x = abs(p.x) - r;
  p.y = p.y + r / k;
  if (p.x + k * p.y > 0.0) p = vec2(p.x - k * p.y, -k * p.x - p.y) / 2.0;
  p.x -= clamp(p.x, -2.0 * r, 0.0);
  return -length(p) * sign(p.y);
}
// the body's outline at distance 0, inside negative; y points up
float body(vec2 p) {
  if (v_state == 1) return box(p, vec2(0.6));
  if (v_state == 3) return min(box(p - vec2(-0.22, 0.08), vec2(0.62, 0.5)), box(p - vec2(0.6, -0.12), vec2(0.28, 0.3)));
  if (v_state == 4) return (abs(p.x) + abs(p.y) - 0.88) * 0.7071;
  if (v_state == 5) {
    float c = cos(v_heading), s = sin(v_heading);
    vec2 q = vec2(c * p.x - s * p.y, s * p.x + c * p.y);
    return max(0.928 * abs(q.x) + 0.371 * q.y - 0.315, -0.447 * abs(q.x) - 0.894 * q.y - 0.335);
  }
  if (v_state == 7) return triangle(vec2(p.x, -p.y + 0.12), 0.72);
  if (v_state == 8) return triangle(vec2(p.x, p.y + 0.12), 0.82);
  return length(p) - 0.72;
}
// what is cut out of the body
float glyph(vec2 p) {
  if (v_state == 1) return min(box(mat2(0.7071, 0.7071, -0.7071, 0.7071) * p, vec2(0.5, 0.09)), box(mat2(0.7071, 0.7071, -0.7071, 0.7071) * p, vec2(0.09, 0.5)));
  if (v_state == 2) return length(p) - 0.42;
  if (v_state == 3) return min(length(p - vec2(-0.36, -0.42)), length(p - vec2(0.46, -0.42))) - 0.17;
  if (v_state == 4) return length(p) - 0.24;
  if (v_state == 6) return min(box(p - vec2(-0.2, 0.0), vec2(0.1, 0.32)), box(p - vec2(0.2, 0.0), vec2(0.1, 0.32)));
  if (v_state == 7 || v_state == 8) {
    vec2 q = v_state == 7 ? vec2(p.x, -p.y) : p;
    float bar = v_state == 7 ? box(q - vec2(0.0, -0.16), vec2(0.26, 0.09)) : box(q - vec2(0.0, 0.1), vec2(0.09, 0.24));
    return v_state == 7 ? bar : min(bar, length(q - vec2(0.0, -0.3)) - 0.11);
  }
  return 1.0;
}
void main() {
  vec2 p = (gl_PointCoord - 0.5) * 2.0;
  p.y = -p.y;
  float px = 2.0 / (v_size * u_ratio);
  if (v_dot > 0.5) {
    float dot_edge = 1.0 - smoothstep(1.0 - 1.5 * px, 1.0, length(p));
    colour = vec4(u_colours[v_state], 1.0) * dot_edge * 0.75;
    return;
  }
  float scale = mix(1.0, 1.7, v_selected * (1.0 - v_pin));
  // a pin: the body is its head, the tip stands where the bike stands
  vec2 head = vec2(0.0, 0.5);
  float shrink = mix(1.0, 0.52, v_pin);
  vec2 q = mix(p * scale, (p - head) / shrink, v_pin);
  float pixel = px * scale / shrink;
  float d = body(q);
  if (v_pin > 0.5) {
    float tail = max(abs(p.x) * 0.9 - (p.y - 0.02) * 0.42, p.y - 0.45) / shrink;
    d = min(d, tail);
  }
  float outline = max(2.0 * pixel * u_ratio * 0.75, 0.12);
  float inside = 1.0 - smoothstep(-pixel, pixel, d);
  float edge = 1.0 - smoothstep(-pixel, pixel, d - outline);
  float cut = v_size < 11.0 && v_state != 2 ? 0.0 : 1.0 - smoothstep(-pixel, pixel, glyph(q));
  // not heard for too long: only the rim is left of it, and what was cut out of it is drawn
  float hollow = v_aged * (1.0 - smoothstep(-pixel, pixel, d + max(0.2, 2.5 * pixel)));
  vec3 fill = mix(u_colours[v_state], u_outline, mix(cut, hollow * (1.0 - cut), v_aged));
  vec4 mark = vec4(mix(u_outline, fill, inside), 1.0) * edge;
  vec2 middle = v_pin > 0.5 ? p - head : p;
  float ring = abs(length(middle) - mix(0.86, 0.43, v_pin)) - mix(0.1, 0.05, v_pin);
  float halo = (1.0 - smoothstep(-px, px, ring)) * v_selected;
  colour = mark + vec4(u_halo, 1.0) * halo * (1.0 - mark.a);
}`
