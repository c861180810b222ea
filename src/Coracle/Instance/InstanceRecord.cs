using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Instance;

/// <summary>What an instance writes down of itself in its data directory, so that other commands find it.</summary>
internal sealed record InstanceRecord
{
    public int Pid { get; init; }

    /// <summary>Ticks since boot at which the process started: tells it from a later process of the same id.</summary>
    public long StartTime { get; init; }
    public int ApiPort { get; init; }

    /// <summary>"containerd", "sim:N" or "none".</summary>
    public string Nodes { get; init; } = "";

    /// <summary>Which of the machine's address ranges the instance uses; stays the same over restarts.</summary>
    public int NetworkSlot { get; init; }

    private static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "instance.json");

    public static InstanceRecord? Read(string dataDirectory)
    {
        var path = PathIn(dataDirectory);
        if (!File.Exists(path)) return null;
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            return new InstanceRecord
            {
                Pid = (int)json["pid"]!, StartTime = (long)json["startTime"]!, ApiPort = (int)json["apiPort"]!, Nodes = (string)json["nodes"]!, NetworkSlot = (int)json["networkSlot"]!,
            };
        }
        catch (Exception e) when (e is JsonException or NullReferenceException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    public void Write(string dataDirectory)
    {
        var json = new JsonObject { ["pid"] = Pid, ["startTime"] = StartTime, ["apiPort"] = ApiPort, ["nodes"] = Nodes, ["networkSlot"] = NetworkSlot };
        var temporary = PathIn(dataDirectory) + ".new";
        File.WriteAllText(temporary, json.ToJsonString());
        File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(temporary, PathIn(dataDirectory), overwrite: true);
    }

    /// <summary>Whether the process that wrote this is still running.</summary>
    public bool IsRunning => Pid > 0 && StartTimeOf(Pid) == StartTime;

    /// <summary>The start time of a process as the kernel counts it; null when there is none.</summary>
    public static long? StartTimeOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
            // The second field is the program's name in brackets, and may hold spaces itself.
            return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
