using System.Text.Json.Nodes;

namespace Coracle.Scenarios.Tests.Running;

/// <summary>The kinds of which scenarios speak: where they are, and what objects of them look like when a scenario says no more than their name.</summary>
internal static class Kinds
{
    private static readonly Dictionary<string, (string Version, string Plural, bool Namespaced)> Known = new()
    {
        ["Deployment"] = ("apps/v1", "deployments", true), ["ReplicaSet"] = ("apps/v1", "replicasets", true), ["StatefulSet"] = ("apps/v1", "statefulsets", true), ["DaemonSet"] = ("apps/v1", "daemonsets", true),
        ["ControllerRevision"] = ("apps/v1", "controllerrevisions", true), ["ReplicationController"] = ("v1", "replicationcontrollers", true), ["Job"] = ("batch/v1", "jobs", true),
        ["CronJob"] = ("batch/v1", "cronjobs", true), ["Pod"] = ("v1", "pods", true), ["PodDisruptionBudget"] = ("policy/v1", "poddisruptionbudgets", true), ["PersistentVolumeClaim"] = ("v1", "persistentvolumeclaims", true),
        ["ResourceQuota"] = ("v1", "resourcequotas", true), ["Node"] = ("v1", "nodes", false), ["PriorityClass"] = ("scheduling.k8s.io/v1", "priorityclasses", false), ["Namespace"] = ("v1", "namespaces", false),
        ["ConfigMap"] = ("v1", "configmaps", true), ["Event"] = ("v1", "events", true),
    };

    public static string Collection(string kind)
    {
        var (version, plural, namespaced) = Known[kind];
        return $"{(version == "v1" ? "/api/v1" : "/apis/" + version)}/{(namespaced ? "namespaces/default/" : "")}{plural}";
    }

    /// <param name="kind">Its kind.</param>
    /// <param name="name">Its name, and the value of the label "app" of its pods.</param>
    /// <param name="more">Sections of the step: spec, pod, container, meta, template, job, top.</param>
    public static JsonObject Make(string kind, string name, IReadOnlyDictionary<string, JsonObject> more)
    {
        var made = new JsonObject { ["apiVersion"] = Known[kind].Version, ["kind"] = kind, ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["app"] = name } }, ["spec"] = Spec(kind, name, more) };
        if (kind is "PriorityClass" or "ConfigMap" or "Namespace") made.Remove("spec");
        Merge(made["metadata"]!.AsObject(), more.GetValueOrDefault("meta"));
        if (made["spec"] is JsonObject spec) Merge(spec, more.GetValueOrDefault("spec"));
        Merge(made, more.GetValueOrDefault("top"));
        return made;
    }

    private static JsonObject Spec(string kind, string name, IReadOnlyDictionary<string, JsonObject> more)
    {
        var labels = new JsonObject { ["app"] = name };
        var selector = new JsonObject { ["matchLabels"] = labels.DeepClone() };
        JsonObject Template(string restart = "") => PodOf(name, labels, restart, more);
        return kind switch
        {
            "Pod" => Template()["spec"]!.DeepClone().AsObject(),
            "Deployment" or "ReplicaSet" or "DaemonSet" => new() { ["selector"] = selector, ["template"] = Template() },
            "StatefulSet" => new() { ["selector"] = selector, ["serviceName"] = name, ["template"] = Template() },
            "ReplicationController" => new() { ["selector"] = labels.DeepClone(), ["template"] = Template() },
            "Job" => new() { ["template"] = Template("Never") },
            "CronJob" => new() { ["schedule"] = "* * * * *", ["jobTemplate"] = new JsonObject { ["spec"] = JobOf(Template("Never"), more) } },
            "PodDisruptionBudget" => new() { ["selector"] = selector },
            _ => [],
        };
    }

    private static JsonObject JobOf(JsonObject template, IReadOnlyDictionary<string, JsonObject> more)
    {
        var job = new JsonObject { ["template"] = template };
        Merge(job, more.GetValueOrDefault("job"));
        return job;
    }

    // Pods of jobs have no probe: they are ready when they run.
    private static JsonObject PodOf(string name, JsonObject labels, string restart, IReadOnlyDictionary<string, JsonObject> more)
    {
        var container = new JsonObject { ["name"] = "main", ["image"] = name + ":1" };
        if (restart.Length == 0) container["readinessProbe"] = JsonNode.Parse("""{"exec":{"command":["ready"]},"periodSeconds":1,"failureThreshold":1}""");
        Merge(container, more.GetValueOrDefault("container"));
        var spec = new JsonObject { ["containers"] = new JsonArray(container) };
        if (restart.Length > 0) spec["restartPolicy"] = restart;
        Merge(spec, more.GetValueOrDefault("pod"));
        var template = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels.DeepClone() }, ["spec"] = spec };
        Merge(template, more.GetValueOrDefault("template"));
        return template;
    }

    private static void Merge(JsonObject into, JsonObject? from)
    {
        foreach (var (key, value) in from ?? [])
        {
            if (into[key] is JsonObject there && value is JsonObject more) Merge(there, more);
            else into[key] = value?.DeepClone();
        }
    }
}
