using System.Globalization;
using System.Text;

namespace Coracle.ApiServer;

/// <summary>Flow control in the Prometheus text format, under upstream's names.</summary>
internal static class FlowMetrics
{
    private const string Prefix = "apiserver_flowcontrol_";
    private static readonly string[] Reasons = ["concurrency-limit", "queue-full", "time-out", "cancelled"];

    public static void Render(StringBuilder text, IReadOnlyList<FlowCounters> flows, IReadOnlyList<FlowControl.LevelState> levels)
    {
        Head(text, "rejected_requests_total", "counter", "Requests that were sent away.");
        foreach (var flow in flows)
            for (var i = 0; i < Reasons.Length; i++)
                if (flow.Rejected[i] > 0) Line(text, "rejected_requests_total", $"{Labels(flow)},reason=\"{Reasons[i]}\"", flow.Rejected[i]);
        OfFlows(text, "dispatched_requests_total", "counter", "Requests that got a seat.", flows, f => f.Dispatched);
        OfFlows(text, "current_inqueue_requests", "gauge", "Requests that wait in queues.", flows, f => f.Waiting);
        OfFlows(text, "current_executing_requests", "gauge", "Requests that have a seat; watches only until they have begun.", flows, f => f.Executing);
        OfFlows(text, "current_executing_seats", "gauge", "Seats that they take.", flows, f => f.Seats);
        Waits(text, flows);
        OfLevels(text, "nominal_limit_seats", "Seats of each priority level by its configuration.", levels, l => l.Nominal);
        OfLevels(text, "lower_limit_seats", "Seats that each level keeps when it lends all it may.", levels, l => l.Lower);
        OfLevels(text, "upper_limit_seats", "Seats of each level when it borrows all it may.", levels, l => l.Upper);
        OfLevels(text, "current_limit_seats", "Seats of each level now.", levels, l => l.Level.Limit);
        OfLevels(text, "demand_seats_high_watermark", "The most seats that each level could use over the last period.", levels, l => l.Level.Demand.HighWatermark);
        OfLevels(text, "demand_seats_smoothed", "Seats that each level could use, smoothed.", levels, l => l.Level.Demand.Smoothed);
    }

    private static void Waits(StringBuilder text, IReadOnlyList<FlowCounters> flows)
    {
        const string name = "request_wait_duration_seconds";
        Head(text, name, "histogram", "How long requests waited in queues.");
        foreach (var flow in flows.Where(f => f.Dispatched > 0))
        {
            var labels = $"execute=\"true\",{Labels(flow)}";
            for (var i = 0; i < FlowCounters.WaitBucketsSeconds.Length; i++)
                Line(text, name + "_bucket", string.Create(CultureInfo.InvariantCulture, $"{labels},le=\"{FlowCounters.WaitBucketsSeconds[i]}\""), flow.WaitBuckets[i]);
            Line(text, name + "_bucket", $"{labels},le=\"+Inf\"", flow.Dispatched);
            Line(text, name + "_sum", labels, flow.WaitSeconds);
            Line(text, name + "_count", labels, flow.Dispatched);
        }
    }

    private static void OfFlows(StringBuilder text, string name, string type, string help, IReadOnlyList<FlowCounters> flows, Func<FlowCounters, long> value)
    {
        Head(text, name, type, help);
        foreach (var flow in flows.Where(f => f.Dispatched > 0 || value(f) > 0)) Line(text, name, Labels(flow), value(flow));
    }

    private static void OfLevels(StringBuilder text, string name, string help, IReadOnlyList<FlowControl.LevelState> levels, Func<FlowControl.LevelState, double> value)
    {
        Head(text, name, "gauge", help);
        foreach (var level in levels) Line(text, name, $"priority_level=\"{level.Level.Name}\"", value(level));
    }

    private static string Labels(FlowCounters flow) => $"flow_schema=\"{flow.Schema}\",priority_level=\"{flow.Level}\"";

    private static void Head(StringBuilder text, string name, string type, string help) => text.Append(CultureInfo.InvariantCulture, $"# HELP {Prefix}{name} {help}\n# TYPE {Prefix}{name} {type}\n");

    private static void Line(StringBuilder text, string name, string labels, double value) => text.Append(CultureInfo.InvariantCulture, $"{Prefix}{name}{{{labels}}} {value}\n");
}
