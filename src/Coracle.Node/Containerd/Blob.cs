using System.Text.Json;

namespace Coracle.Node.Containerd;

/// <summary>What OCI calls a descriptor: a blob's type, its digest (<c>sha256:...</c>) and its length in bytes.</summary>
internal sealed record Blob(string MediaType, string Digest, long Size)
{
    public void WriteTo(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, string>>? annotations = null)
    {
        json.WriteStartObject();
        json.WriteString("mediaType", MediaType);
        json.WriteString("digest", Digest);
        json.WriteNumber("size", Size);
        if (annotations is not null)
        {
            json.WriteStartObject("annotations");
            foreach (var (key, value) in annotations)
                json.WriteString(key, value);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
