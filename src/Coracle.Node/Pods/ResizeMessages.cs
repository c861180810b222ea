using System.Buffers;
using System.Text;
using System.Text.Json;
using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Node.Pods;

/// <summary>What events say of a resize: the resources in question, as JSON (upstream: pkg/kubelet/events/resize.go).</summary>
internal static class ResizeMessages
{
    public static string Of(string what, Pod pod, long generation, string error = "")
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            json.WriteStartObject();
            List(json, "initContainers", pod.Spec.InitContainers);
            List(json, "containers", pod.Spec.Containers);
            json.WriteNumber("generation", generation);
            if (error.Length > 0) json.WriteString("error", error);
            json.WriteEndObject();
        }
        return $"{what}: {Encoding.UTF8.GetString(buffer.WrittenSpan)}";
    }

    private static void List(Utf8JsonWriter json, string name, List<Container>? containers)
    {
        if (containers is not { Count: > 0 }) return;
        json.WriteStartArray(name);
        foreach (var container in containers)
        {
            json.WriteStartObject();
            json.WriteString("name", container.Name);
            json.WritePropertyName("resources");
            json.WriteRawValue(ApiJson.ToBytes(container.Resources));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
