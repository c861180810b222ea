using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Coracle.Scenarios.Tests.Running;

/// <summary>Objects and events of the namespace "default" in words: what a scenario compares.</summary>
internal sealed class Portrait(Names names)
{
    public static readonly string[] Shown =
        ["Namespace", "Node", "PodDisruptionBudget", "Deployment", "ReplicaSet", "ReplicationController", "StatefulSet", "DaemonSet", "CronJob", "Job", "PersistentVolumeClaim", "ConfigMap", "Pod"];

    // Of no interest, or another number each time that something unrelated changes.
    private static readonly HashSet<string> Hidden =
        ["observedGeneration", "currentRevision", "updateRevision", "collisionCount", "capacity", "allocatable", "nodeInfo", "addresses", "daemonEndpoints", "images", "conditions", "uncountedTerminatedPods", "features", "declaredFeatures"];

    // Told at every try, and how many there are is not what a scenario is about.
    private static readonly string[] Again = ["FailedCreate", "NoPods", "UnmanagedPods", "JobAlreadyActive", "FailedScheduling"];

    private static readonly string[] SideBySideReasons = ["  Normal SuccessfulCreate ", "  Normal SuccessfulDelete "];

    private readonly StringBuilder _text = new();

    public string Write(IReadOnlyDictionary<string, IReadOnlyList<JsonNode>> objects, IReadOnlyList<JsonNode> events)
    {
        foreach (var kind in Shown)
        {
            var lines = objects[kind].Select(obj => names.Plain(Of(kind, obj))).Where(line => line.Length > 0);
            foreach (var same in lines.CountBy(line => line).OrderBy(c => c.Key, StringComparer.Ordinal)) _text.Append(Times(same.Key, same.Value)).Append('\n');
        }
        foreach (var about in Told(events)) About(about);
        return _text.ToString().TrimEnd('\n');
    }

    private static string Times(string line, int count)
    {
        if (count == 1) return line;
        var end = line.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var at ? at : line.Length;
        return line.Insert(end, $" (x{count.ToString(CultureInfo.InvariantCulture)})");
    }

    private static string Of(string kind, JsonNode obj) => kind switch
    {
        "Pod" => Pod(obj),
        "Node" => Node(obj),
        "ConfigMap" => ConfigMap(obj),
        "Namespace" => Name(obj) is "default" or "kube-system" or "kube-public" or "kube-node-lease" ? "" : Other(kind, obj),
        _ => Other(kind, obj),
    };

    private static string Name(JsonNode obj) => obj["metadata"]!["name"]!.GetValue<string>();
    private static string Text(JsonNode? node) => node switch { null => "", JsonValue value when value.TryGetValue<string>(out var text) => text, _ => node.ToJsonString() };

    private static string Pod(JsonNode pod)
    {
        var line = new StringBuilder($"Pod/{Name(pod)} {Text(pod["status"]!["phase"])}");
        var ready = Conditions(pod).FirstOrDefault(c => Text(c["type"]) == "Ready");
        if (Text(pod["status"]!["phase"]) == "Running" && Text(ready?["status"]) != "True") line.Append(" unready");
        if (Text(pod["spec"]!["nodeName"]).Length == 0) line.Append(" nowhere");
        if (pod["metadata"]!["deletionTimestamp"] is not null) line.Append(" ending");
        if (pod["metadata"]!["ownerReferences"] is null) line.Append(" alone");
        var image = Text(pod["spec"]!["containers"]![0]!["image"]);
        if (!image.EndsWith(":1", StringComparison.Ordinal)) line.Append(CultureInfo.InvariantCulture, $" {image}");
        var state = pod["status"]!["containerStatuses"]?[0];
        if (Text(state?["restartCount"]) is { Length: > 0 } restarts and not "0") line.Append(CultureInfo.InvariantCulture, $" restarts={restarts}");
        if (Text(state?["state"]?["waiting"]?["reason"]) is { Length: > 0 } waits) line.Append(CultureInfo.InvariantCulture, $" {waits}");
        foreach (var condition in Conditions(pod).Where(c => Text(c["type"]) is "DisruptionTarget" || Text(c["type"]) == "PodScheduled" && Text(c["status"]) == "False")) line.Append(Condition(condition));
        return line.ToString();
    }

    // Scenarios of owners and finalizers are about these.
    private static string ConfigMap(JsonNode map)
    {
        if (Name(map) == "kube-root-ca.crt") return "";
        var line = new StringBuilder($"ConfigMap/{Name(map)}");
        if (map["metadata"]!["deletionTimestamp"] is not null) line.Append(" ending");
        if (map["metadata"]!["finalizers"] is JsonArray held) line.Append(CultureInfo.InvariantCulture, $" held by {string.Join(',', held.Select(f => Text(f)))}");
        if (map["metadata"]!["ownerReferences"] is JsonArray owners) line.Append(CultureInfo.InvariantCulture, $" of {string.Join(',', owners.Select(o => Text(o!["name"])))}");
        return line.ToString();
    }

    // A node that is well is not worth a line.
    private static string Node(JsonNode node)
    {
        var line = new StringBuilder();
        foreach (var taint in node["spec"]!["taints"]?.AsArray() ?? []) line.Append(CultureInfo.InvariantCulture, $" {Text(taint!["key"])}{(Text(taint["value"]) is { Length: > 0 } value ? "=" + value : "")}:{Text(taint["effect"])}");
        if (node["spec"]!["unschedulable"] is not null) line.Append(" unschedulable");
        foreach (var condition in Conditions(node).Where(c => Text(c["type"]) == "Ready" && Text(c["status"]) != "True")) line.Append(Condition(condition));
        return line.Length == 0 ? "" : $"Node/{Name(node)}{line}";
    }

    private static string Other(string kind, JsonNode obj)
    {
        var line = new StringBuilder($"{kind}/{Name(obj)}");
        if (obj["metadata"]!["deletionTimestamp"] is not null) line.Append(" ending");
        if (kind == "ReplicaSet") line.Append(CultureInfo.InvariantCulture, $" wants={Text(obj["spec"]!["replicas"])}");
        if (obj["status"]?["observedGeneration"] is { } seen && Text(seen) != Text(obj["metadata"]!["generation"])) line.Append(" not seen yet");
        foreach (var (name, value) in obj["status"]?.AsObject() ?? [])
            if (!Hidden.Contains(name) && Told(name, value) is { Length: > 0 } text) line.Append(CultureInfo.InvariantCulture, $" {name}={text}");
        if (obj["status"] is { } status && Text(status["updateRevision"]) is { Length: > 0 } update && Text(status["currentRevision"]) != update) line.Append(" updating");
        foreach (var condition in Conditions(obj)) line.Append(Condition(condition));
        return line.ToString();
    }

    private static string Told(string name, JsonNode? value) => value switch
    {
        JsonValue number when number.TryGetValue<int>(out var n) && n == 0 => "",
        JsonArray list when name == "active" => string.Join(',', list.Select(i => Name(new JsonObject { ["metadata"] = i!.DeepClone() }))),
        _ => Text(value),
    };

    private static IEnumerable<JsonNode> Conditions(JsonNode obj) => (obj["status"]?["conditions"]?.AsArray() ?? []).Select(c => c!);

    private static string Condition(JsonNode condition) => $"\n  {Text(condition["type"])}={Text(condition["status"])} {Text(condition["reason"])}: {Text(condition["message"])}".TrimEnd(' ', ':');

    // What nodes and the scheduler tell of a pod's ordinary life is not what scenarios are about. The scheduler may see a pod before it sees its claim.
    private IEnumerable<IGrouping<string, JsonNode>> Told(IReadOnlyList<JsonNode> events) => events
        .Where(e => Text(e["source"]?["component"]) is not ("kubelet" or "kube-proxy") && Text(e["reportingComponent"]) is not "kubelet" && Text(e["reason"]) is not ("Scheduled" or "RegisteredNode") && Text(e["involvedObject"]!["kind"]) != "PersistentVolumeClaim"
            && !(Text(e["reason"]) == "FailedScheduling" && Text(e["message"]).Contains("persistentvolumeclaim \"", StringComparison.Ordinal)))
        .OrderBy(e => Text(e["eventTime"]) is { Length: > 0 } at ? at : Text(e["firstTimestamp"]), StringComparer.Ordinal)
        .ThenBy(e => int.Parse(Text(e["metadata"]!["resourceVersion"]), CultureInfo.InvariantCulture))
        .GroupBy(e => $"{Text(e["involvedObject"]!["kind"])}/{Text(e["involvedObject"]!["name"])}")
        .OrderBy(about => names.Plain(about.Key), StringComparer.Ordinal).ThenBy(about => names.Plain(Text(about.First()["message"])), StringComparer.Ordinal);

    private void About(IGrouping<string, JsonNode> about)
    {
        _text.Append("events of ").Append(names.Plain(about.Key)).Append(":\n");
        var lines = about.Select(e => (Line: names.Plain($"  {Text(e["type"])} {Text(e["reason"])} {Message(e)}"), Count: e["count"]?.GetValue<int>() is > 0 and var n ? n : 1)).ToList();
        // Of pods that are made or deleted side by side none is the first.
        for (var i = 0; i < lines.Count; i++)
            for (var j = i; j > 0 && SideBySide(lines[j - 1].Line, lines[j].Line) && string.CompareOrdinal(lines[j - 1].Line, lines[j].Line) > 0; j--) (lines[j - 1], lines[j]) = (lines[j], lines[j - 1]);
        for (var i = 0; i < lines.Count;)
        {
            var (line, count) = lines[i++];
            while (i < lines.Count && lines[i].Line == line) count += lines[i++].Count;
            _text.Append(Again.Any(reason => line.Contains($" {reason} ", StringComparison.Ordinal)) ? line : Times(line, count)).Append('\n');
        }
    }

    private static bool SideBySide(string a, string b) => SideBySideReasons.Any(reason => a.StartsWith(reason, StringComparison.Ordinal) && b.StartsWith(reason, StringComparison.Ordinal));

    // Of many events that differ in names alone, the recorder combines the later ones.
    private static string Message(JsonNode told) => Text(told["message"]).Replace("(combined from similar events): ", "", StringComparison.Ordinal);
}
