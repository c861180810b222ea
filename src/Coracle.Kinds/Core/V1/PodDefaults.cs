using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;

namespace Coracle.Kinds.Core.V1;

/// <summary>The computed defaults of pods, and of the templates of pods in other kinds (upstream: SetDefaults_PodSpec, SetDefaults_Pod).</summary>
public static class PodDefaults
{
    private static readonly string[] ContainerLists = ["containers", "initContainers", "ephemeralContainers"];

    /// <summary>What holds for a pod and a template alike; <paramref name="holder"/> is the object that has the spec.</summary>
    public static void Template(JsonObject? holder)
    {
        if (holder is null) return;
        var spec = holder.ChildOrNew("spec");
        ServiceAccount(spec);
        spec.ValueOr("securityContext", new JsonObject());
        ResourceRounding.List(spec.Child("overhead"));
        ResourceRounding.Requirements(spec.Child("resources"));
        foreach (var volume in spec.Items("volumes")) Volume(volume);
        foreach (var container in ContainerLists.SelectMany(list => spec.Items(list)))
        {
            container.TextOr("imagePullPolicy", ImageTag.PullPolicy(container.Text("image")));
            ResourceRounding.Requirements(container.Child("resources"));
        }
    }

    /// <summary>What holds for a pod itself but not yet for a template of one.</summary>
    public static void Pod(JsonObject pod)
    {
        Template(pod);
        var spec = pod.ChildOrNew("spec");
        foreach (var container in spec.Items("containers").Concat(spec.Items("initContainers")))
        {
            RequestsFromLimits(container);
            if (spec.Flag("hostNetwork")) HostPorts(container);
        }
        PodLevelResources.Default(spec);
        spec.ValueOr("enableServiceLinks", true);
    }

    // One field under two names, of which the newer one wins.
    private static void ServiceAccount(JsonObject spec)
    {
        if (spec.Text("serviceAccount") is { Length: > 0 } old) spec.TextOr("serviceAccountName", old);
        if (spec.Text("serviceAccountName") is { Length: > 0 } name) spec["serviceAccount"] = name;
    }

    private static void Volume(JsonObject volume)
    {
        if (volume.All(field => field.Key == "name" || field.Value is null)) volume["emptyDir"] = new JsonObject();
        if (volume.Child("image") is { } image) image.TextOr("pullPolicy", ImageTag.PullPolicy(image.Text("reference")));
        ResourceRounding.Requirements(volume.Child("ephemeral").Child("volumeClaimTemplate").Child("spec").Child("resources"));
    }

    private static void RequestsFromLimits(JsonObject container)
    {
        if (container.Child("resources") is not { } resources || resources.Child("limits") is not { } limits) return;
        var requests = resources.ChildOrNew("requests");
        foreach (var (name, amount) in limits)
            if (!requests.ContainsKey(name)) requests[name] = amount?.DeepClone();
    }

    // On the node's own network a container's port is the node's port.
    private static void HostPorts(JsonObject container)
    {
        foreach (var port in container.Items("ports"))
            if (port.Number("hostPort") == 0 && port["containerPort"] is { } number) port["hostPort"] = number.DeepClone();
    }
}
