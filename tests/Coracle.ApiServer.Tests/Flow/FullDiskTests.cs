using System.Globalization;
using Coracle.ApiServer.Tests.Support;
using Coracle.Store;

namespace Coracle.ApiServer.Tests.Flow;

public sealed class FullDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coracle-server-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_full_disk_stops_writes_with_a_clear_error_loses_nothing_and_writes_go_on_when_there_is_space()
    {
        var kept = new List<string>();
        await using (var api = await Api.StartAsync(Open(1 << 20)))
        {
            await api.CreateConfigMap("a", value: "0");
            var watch = await api.Watch($"{Api.ConfigMaps}?watch=1&resourceVersion={api.Revision}");
            Answer written;
            var last = "0";
            for (var i = 1; (written = await Write(api, i)).Code == 200; i++) last = Marker(i);
            Assert.Equal((503, "ServiceUnavailable"), (written.Code, written.Reason));
            Assert.StartsWith("No space left: ", written.Message, StringComparison.Ordinal);

            var found = await api.Get($"{Api.ConfigMaps}/a");
            Assert.Equal((200, last), (found.Code, found.At("data.mark")));
            Assert.Equal(["a"], (await api.Get(Api.ConfigMaps)).Names);
            Assert.Equal(last, watch.Take()[^1].Object["data"]!["mark"]!.GetValue<string>());
            var refused = await api.Post(Api.ConfigMaps, $$$"""{"metadata":{"name":"b"},"data":{"k":"{{{new string('x', 20_000)}}}"}}""");
            Assert.Equal((503, "ServiceUnavailable"), (refused.Code, refused.Reason));
            Assert.Equal(404, (await api.Get($"{Api.ConfigMaps}/b")).Code);
            Assert.Empty(watch.Take());

            await api.Store.CompactAsync(api.Store.Revision);
            Assert.Equal(200, (await Write(api, 1_000_000)).Code);
            await api.CreateConfigMap("b");
            Assert.Equal(["MODIFIED a", "ADDED b"], watch.Seen());
            kept.Add((await api.Get(Api.ConfigMaps)).At("items")!);
            Assert.Empty(api.Errors);
        }

        await using var again = await Api.OpenAsync(Open(null));
        Assert.Equal(kept[0], (await again.Get(Api.ConfigMaps)).At("items"));
    }

    private static Task<Answer> Write(Api api, int i) =>
        api.Put($"{Api.ConfigMaps}/a", $$$"""{"metadata":{"name":"a"},"data":{"mark":"{{{Marker(i)}}}","k":"{{{new string('x', 20_000)}}}"}}""");

    private static string Marker(int i) => i.ToString(CultureInfo.InvariantCulture);

    private SqliteStore Open(long? max) => SqliteStore.Open(new SqliteStoreOptions { Directory = _folder, MaxBytes = max });
}
