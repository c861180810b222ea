using System.Text.Json.Nodes;

namespace Coracle.Conformance.Tests.Apps;

/// <summary>Steps that tests of workloads share.</summary>
internal static class Steps
{
    public const string Old = "httpd:2.4.38", New = "httpd:2.4.39", Missing = "webserver:non-existent";

    /// <summary>A probe as upstream's tests of stateful sets have it: <see cref="Programs.Break"/> makes it fail.</summary>
    public const string Probe = ""","readinessProbe":{"httpGet":{"path":"/index.html","port":80},"periodSeconds":1,"failureThreshold":1}""";

    public static string WorkloadsIn(string ns, string plural) => $"/apis/apps/v1/namespaces/{ns}/{plural}";
    public static string Core(string ns, string plural) => $"/api/v1/namespaces/{ns}/{plural}";
    public static string Batch(string ns, string plural) => $"/apis/batch/v1/namespaces/{ns}/{plural}";

    public static string Container(string image = Old, string more = "") => $$$"""{"name":"main","image":"{{{image}}}"{{{more}}}}""";

    /// <param name="app">Label of its pods.</param>
    /// <param name="container">Of the one container; null for the usual one.</param>
    /// <param name="pod">More of the pod's spec, from a comma on.</param>
    /// <param name="meta">More of the pod's metadata, from a comma on.</param>
    public static string Template(string app, string? container = null, string pod = "", string meta = "") =>
        $$$"""{"metadata":{"labels":{"app":"{{{app}}}"}{{{meta}}}},"spec":{"containers":[{{{container ?? Container()}}}]{{{pod}}}}}""";

    /// <summary>A workload whose name is also its label and its selector.</summary>
    /// <param name="kind">Of apps/v1, or ReplicationController.</param>
    /// <param name="name">Its name.</param>
    /// <param name="spec">More of its spec, with a comma at its end.</param>
    /// <param name="template">Of its pods; null for the usual one.</param>
    /// <param name="meta">More of its metadata, from a comma on.</param>
    /// <param name="app">Its label and selector when that is not its name.</param>
    public static string Workload(string kind, string name, string spec = "", string? template = null, string meta = "", string? app = null)
    {
        app ??= name;
        var (version, selector) = kind == "ReplicationController" ? ("v1", $$$"""{"app":"{{{app}}}"}""") : ("apps/v1", $$$"""{"matchLabels":{"app":"{{{app}}}"}}""");
        return $$$"""
            {"apiVersion":"{{{version}}}","kind":"{{{kind}}}","metadata":{"name":"{{{name}}}","labels":{"app":"{{{app}}}"}{{{meta}}}},"spec":{{{{spec}}}"selector":{{{selector}}},"template":{{{template ?? Template(app)}}}}}
            """;
    }

    // What is seen

    public static async Task<IReadOnlyList<JsonObject>> Pods(this Cluster cluster, string ns, string app) => (await cluster.Get($"{Core(ns, "pods")}?labelSelector=app%3D{app}")).Is(200).Items;

    public static async Task<IReadOnlyList<JsonObject>> UntilPods(this Cluster cluster, string ns, string app, Func<IReadOnlyList<JsonObject>, bool> holds) =>
        (await cluster.Until($"{Core(ns, "pods")}?labelSelector=app%3D{app}", found => found.Code == 200 && holds(found.Items))).Items;

    /// <summary>There are so many pods, none on its way out, and all run.</summary>
    public static Task<IReadOnlyList<JsonObject>> UntilRunning(this Cluster cluster, string ns, string app, int count) =>
        cluster.UntilPods(ns, app, pods => pods.Count == count && pods.All(p => p.Runs()));

    public static bool Runs(this JsonObject pod) => pod.Text("status.phase") == "Running" && pod.Text("metadata.deletionTimestamp").Length == 0;
    public static bool IsReady(this JsonObject pod) => pod.Condition("Ready")?.Text("status") == "True";
    public static string Image(this JsonObject pod) => pod.Text("spec.containers.0.image");
    public static string Name(this JsonObject obj) => obj.Text("metadata.name");
    public static string Uid(this JsonObject obj) => obj.Text("metadata.uid");

    public static JsonNode? Condition(this JsonObject obj, string type) => (obj["status"]?["conditions"] as JsonArray)?.FirstOrDefault(c => c!.Text("type") == type);

    /// <summary>The controller has seen the object as it is, and so many of its pods are ready, of its newest template and available.</summary>
    public static Task<Answer> UntilComplete(this Cluster cluster, string workload, int replicas) => cluster.Until(workload, found =>
        found.Code == 200 && found["status.observedGeneration"] == found["metadata.generation"] && Number(found, "replicas") == replicas && Number(found, "readyReplicas") == replicas
        && (found["kind"] != "Deployment" || Number(found, "updatedReplicas") == replicas && Number(found, "availableReplicas") == replicas));

    public static int Number(Answer of, string field) => of["status." + field] is { Length: > 0 } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0;

    /// <summary>The object's controller by its references is this one.</summary>
    public static bool IsControlledBy(this JsonObject obj, Answer owner) =>
        obj["metadata"]!["ownerReferences"]?.AsArray().Any(r => r!.Text("controller") == "true" && r!.Text("uid") == owner.Uid) == true;

    public static bool HasNoController(this JsonObject obj) => obj["metadata"]!["ownerReferences"]?.AsArray().Any(r => r!.Text("controller") == "true") != true;

    // What is done to more than one kind

    /// <summary>Reads, replaces and patches the scale of a workload that has one replica.</summary>
    public static async Task ScaleIsServed(this Cluster cluster, string workload)
    {
        var scale = (await cluster.Get(workload + "/scale")).Is(200);
        Assert.Equal(("1", "1"), (scale["spec.replicas"], scale["status.replicas"]));
        scale.Json["metadata"]!.AsObject().Remove("resourceVersion"); // whatever happened meanwhile
        scale.Json["spec"]!["replicas"] = 2;
        Assert.Equal("2", (await cluster.Put(workload + "/scale", scale.Json.ToJsonString())).Is(200)["spec.replicas"]);
        Assert.Equal("2", (await cluster.Get(workload)).Is(200)["spec.replicas"]);
        (await cluster.Patch(workload + "/scale", """{"spec":{"replicas":4}}""", Cluster.Strategic)).Is(200);
        Assert.Equal("4", (await cluster.Get(workload)).Is(200)["spec.replicas"]);
    }

    /// <summary>Reads, replaces and patches the status of an object that has conditions; a watch sees each change.</summary>
    public static async Task StatusIsServed(this Cluster cluster, string collection, string name)
    {
        var one = $"{collection}/{name}";
        (await cluster.Patch(one, """{"metadata":{"labels":{"e2e":"testing"}}}""", Cluster.Strategic)).Is(200);
        (await cluster.Get(one + "/status")).Is(200);
        await using var watch = await cluster.Watch($"{collection}?labelSelector=e2e%3Dtesting");
        await cluster.Update(one + "/status", found =>
        {
            if (found["status"]!["conditions"] is not JsonArray) found["status"]!["conditions"] = new JsonArray();
            found["status"]!["conditions"]!.AsArray().Add(JsonNode.Parse("""{"type":"StatusUpdate","status":"True","reason":"E2E","message":"Set from e2e test","lastTransitionTime":"2026-01-01T00:00:00Z"}"""));
        });
        await watch.Until(e => e.Name == name && e.Object.Condition("StatusUpdate") is { } set && set.Text("reason") == "E2E" && set.Text("message") == "Set from e2e test");
        (await cluster.Patch(one + "/status", """{"status":{"conditions":[{"type":"StatusPatched","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}""")).Is(200);
        await watch.Until(e => e.Name == name && e.Object.Condition("StatusPatched")?.Text("status") == "True");
    }

    /// <summary>So many jobs of a namespace; those that end are counted too.</summary>
    public static Task<Answer> UntilJobs(this Cluster cluster, string ns, Func<IReadOnlyList<JsonObject>, bool> holds) => cluster.Until(Batch(ns, "jobs"), found => holds(found.Items));
}
