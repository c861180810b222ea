using System.Buffers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Coracle.Node.Network;

/// <summary>The CNI configuration of the pod network: bridge and host-local for addresses, portmap for <c>hostPort</c>.</summary>
public static class CniConfig
{
    /// <summary>The configuration list, version 0.4.0. Masquerading is left to the service proxy's table (<c>ipMasq</c> stays off).</summary>
    public static string Render(BridgeOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("cniVersion", "0.4.0");
            json.WriteString("name", options.NetworkName);
            json.WriteStartArray("plugins");
            WriteBridge(json, options);
            WritePortMap(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void WriteBridge(Utf8JsonWriter json, BridgeOptions options)
    {
        json.WriteStartObject();
        json.WriteString("type", "bridge");
        json.WriteString("bridge", options.BridgeName);
        json.WriteBoolean("isGateway", true);
        // A pod may reach itself through a service: the packet leaves by the port it came in by.
        json.WriteBoolean("hairpinMode", true);
        if (options.Mtu > 0)
        {
            json.WriteNumber("mtu", options.Mtu);
        }

        json.WriteStartObject("ipam");
        json.WriteString("type", "host-local");
        json.WriteString("dataDir", options.IpamDirectory);
        json.WriteStartArray("ranges");
        json.WriteStartArray();
        json.WriteStartObject();
        json.WriteString("subnet", options.Pods.ToString());
        json.WriteString("gateway", options.Gateway.ToString());
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndArray();
        json.WriteStartArray("routes");
        json.WriteStartObject();
        json.WriteString("dst", options.Gateway.AddressFamily == AddressFamily.InterNetworkV6 ? "::/0" : "0.0.0.0/0");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WritePortMap(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "portmap");
        json.WriteStartObject("capabilities");
        json.WriteBoolean("portMappings", true);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
