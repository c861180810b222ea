using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Coracle.Hosting;

/// <summary>What the process takes of its machine, as Prometheus' clients tell it.</summary>
public static class ProcessMetrics
{
    public static string Render()
    {
        using var process = Process.GetCurrentProcess();
        var text = new StringBuilder(1024);
        Line(text, "process_cpu_seconds_total", "counter", "Processor time of the process.", process.TotalProcessorTime.TotalSeconds);
        Line(text, "process_resident_memory_bytes", "gauge", "Memory of the process that is in use.", process.WorkingSet64);
        Line(text, "process_virtual_memory_bytes", "gauge", "Address space of the process.", process.VirtualMemorySize64);
        Line(text, "process_start_time_seconds", "gauge", "When the process started, in seconds since 1970.", new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        if (Directory.Exists("/proc/self/fd")) Line(text, "process_open_fds", "gauge", "Files and sockets that are open.", Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
        return text.ToString();
    }

    private static void Line(StringBuilder text, string name, string type, string help, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n{name} {value}\n");
}
