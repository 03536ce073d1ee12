#include "report/translations.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/*
 * Every argument is named, since a format has to know the type of each; of what another language
 * has no use for, such as the plural's "s", no letter is shown: "%2$.0s".
 */
static const struct {
    const char *english, *japanese;
} translations[] = {
    {"'%s' could not be read to its end: the report covers its first %s frames",
     "'%1$s' を最後まで読み取れませんでした。先頭の %2$s フレームだけを集計しています"},
    {"'%s': the capturing program dropped %s packets, which are missing in every total",
     "'%1$s': キャプチャ時に %2$s 個のパケットが失われ、どの合計にも含まれていません"},
    {"'%s' was captured with the filter '%.80s': what it excluded is missing in every total",
     "'%1$s' はフィルター '%2$.80s' "
     "を付けて取得されています。除外された通信はどの合計にも含まれません"},
    {"'%s': %s", "'%1$s': %2$s"},
    {"%s frame%s of link layer %s%s cannot be decoded",
     "リンク層 %3$s%4$s の %1$s フレームは解読できません%2$.0s"},
    {"%s frame%s captured too short for an IP header: not in any total",
     "%1$s フレームは IP ヘッダーの途中で切れており、どの合計にも含まれません%2$.0s"},
    {"%s malformed IP packet%s not in any total",
     "不正な IP パケットが %1$s 個あり、どの合計にも含まれません%2$.0s"},
    {"the traffic matrix is full: %s packets of later conversations are counted as transit",
     "集計表が上限に達しました。以後の通信の %1$s パケットは方向不明として数えています"},
    {"too many packets at one time to find every copy: %s left unwatched",
     "同時刻のパケットが多すぎるため、重複を調べられなかったものが %1$s 個あります"},
    {"%s frame%s captured too short to tell a copy: kept",
     "%1$s フレームは短く切られていて重複か判別できないため、そのまま計上しました%2$.0s"},
    {"address ranges are %" PRId64 " days %s than this capture",
     "アドレス範囲の日付がキャプチャと %1$" PRId64 " 日離れています%2$.0s"},
    {"address ranges are %" PRId64 ".%" PRId64 " years %s than this capture",
     "アドレス範囲の日付がキャプチャと %1$" PRId64 ".%2$" PRId64 " 年離れています%3$.0s"},
    {"%s packet%s between private addresses that nothing tells apart: name the VM's with --local",
     "プライベート アドレス間の %1$s パケットは、どちらが VM か判別できません。VM のアドレスを "
     "--local で指定してください%2$.0s"},
    {"%s of the bytes are neither from nor to the VM's addresses (transit): check them, or name "
     "them with --local",
     "バイト数の %1$s は VM のアドレスが送信元でも宛先でもありません (方向不明)。VM "
     "のアドレスを確認するか "
     "--local で指定してください"},
    {"every interface carries public addresses as a router's inner leg does, so all were taken as "
     "uplinks: check the direction, or use --local",
     "すべてのインターフェイスに (ルーターの内側のように) パブリック アドレスの通信があるため、"
     "すべてを外部への接続 (アップリンク) とみなしました。方向を確認するか --local "
     "で指定してください"},
    {"metadata answers in the capture name several regions: --region",
     "キャプチャ内のメタデータ応答に複数のリージョンがあります。--region で指定してください"},
    {"a metadata answer in the capture says that the VM is in %s, and not in %s: check --region",
     "キャプチャ内のメタデータ応答によると、VM のリージョンは %2$s ではなく %1$s です。--region "
     "を確認してください"},
    {"the address of --public-ip is in no range of %s with a region: --region",
     "--public-ip のアドレスは %1$s のリージョン別アドレス範囲にありません。--region "
     "で指定してください"},
    {"region unknown: internet traffic is priced at zone 1: --region",
     "リージョン不明のため、インターネット宛ての通信はゾーン 1 の単価で計算しました。--region "
     "で指定してください"},
    {"region unknown: internet traffic is priced at zone 1 (%s assumed; %s-%s): --region",
     "リージョン不明のため、インターネット宛ての通信はゾーン 1 の単価で計算しました"
     " (%1$s と仮定。リージョンにより %2$s ～ %3$s)。--region で指定してください"},
    {"some destinations have no price, since nothing tells how their regions lie to %s: --sites",
     "%1$s から見た位置関係がわからないリージョンがあり、単価を決められない宛先があります。"
     "--sites で指定してください"},
    {"region unknown: traffic to regional services has no price (free if the VM is there, "
     "0.02-0.16 otherwise): --region",
     "リージョン不明のため、リージョン サービス宛ての通信の単価を決められません"
     " (同じリージョンなら無料、それ以外は 0.02 ～ 0.16)。--region で指定してください"},
    {"region unknown: traffic whose price hangs on it has none: --region",
     "リージョン不明のため、リージョンで単価が変わる通信の料金を計算できません。--region "
     "で指定してください"},
    {"most %s services it talks to are in %s; if that is the VM's region: --region %s",
     "通信先の %1$s サービスの多くは %2$s にあります。VM のリージョンも同じ場合は --region %3$s "
     "を指定してください"},
    {"prices of region %s: %s", "リージョン %1$s の単価: %2$s"},
    {"the rate %s of '%.60s' is uncertain (%.120s): --rates",
     "'%2$.60s' の単価 %1$s は不確かです (%3$.120s)。--rates で指定してください"},
    {"there is no price for %s of %s: --rates",
     "%2$s の %1$s の単価がありません。--rates で指定してください"},
    {"private addresses have no price (free in the same VNet, 0.01-0.02 per GiB peered): --sites",
     "プライベート アドレス宛ての通信は単価を決められません"
     " (同じ VNet 内なら無料、ピアリングなら 1 GiB あたり 0.01 ～ 0.02)。--sites "
     "で指定してください"},
    {"private addresses have no price: --sites",
     "プライベート アドレス宛ての通信は単価を決められません。--sites で指定してください"},
    {"%s addresses without a region are priced as internet, an upper bound: --sites",
     "リージョンのない %1$s のアドレスは、上限としてインターネットの単価で計算しました。--sites "
     "で指定してください"},
    {"buckets of %s are too many for this capture: they are %s wide",
     "このキャプチャに対して %1$s の間隔は細かすぎるため、%2$s ごとに集計しました"},
    {"there are no buckets of %s: %s", "%1$s ごとの集計はできません: %2$s"},
    {"left out of the names in the capture: %s that no host can have",
     "ホスト名として使えない名前がキャプチャ内に %1$s 個あり、除外しました"},
    {"not looked for names: %s messages too long or in too many pieces",
     "長すぎるか細かく分かれているため、名前を探さなかったメッセージが %1$s 個あります"},
    {"the table of names is full: %s more are left out",
     "名前の表が上限に達したため、%1$s 個の名前を除外しました"},
    {"who holds the internet addresses is unknown: install libloc-database, or --geo",
     "インターネット上のアドレスの保有組織がわかりません。libloc-database をインストールするか "
     "--geo で指定してください"},
    {"times were not kept", "時刻を記録していません"},
    {"too many conversations, or times too far apart, for buckets of time",
     "通信の数が多すぎるか、時刻の間隔が開きすぎています"},
    {"no packet has a time", "時刻のあるパケットがありません"},
    {"there is nothing to project", "集計対象の通信がありません"},
    {"it is too short to tell, 10 min at least", "10 分以上のキャプチャが必要です"},
    {"too few buckets of time to tell how the traffic varies",
     "通信量の変動を判断できるだけの時間区分がありません"},
    {"internet traffic by ISP routing (--routing internet)",
     "インターネット通信を ISP ルーティングにする (--routing internet)"},
    {"public traffic through a NAT gateway", "外向きの通信を NAT ゲートウェイ経由にする"},
    {"what crosses the NAT gateway on a way without it", "NAT ゲートウェイを経由しない経路にする"},
    {"far ends of other regions in the VM's own region",
     "他リージョンの通信先を VM と同じリージョンに置く"},
    {"services of the VM's region by private endpoints",
     "同一リージョンのサービスにプライベート エンドポイントで接続する"},
    {"%s (%s) went to services of %s in other regions, most of it to %s in %s, for %s; one in %s "
     "may be free",
     "%1$s (%2$s) が他リージョンの %3$s サービス (主に %5$s の %4$s) に送信され、料金は %6$s です。"
     "%7$s のサービスを使えば無料になる可能性があります"},
    {"%s (%s) went to addresses of %s without a region, most of it to %s, and is priced as "
     "internet, %s at most; a service endpoint, a private endpoint or a regional address may cost "
     "less",
     "%1$s (%2$s) がリージョンのない %3$s のアドレス (主に %4$s) "
     "に送信され、インターネットの単価では"
     "最大 %5$s です。サービス エンドポイント、プライベート "
     "エンドポイント、リージョン固有のアドレスなら"
     "安くなる可能性があります"},
    {"%s (%s) went to addresses of %s without a region and is priced as internet, %s at most; a "
     "service endpoint, a private endpoint or a regional address may cost less",
     "%1$s (%2$s) がリージョンのない %3$s のアドレスに送信され、インターネットの単価では最大 %4$s "
     "です。サービス エンドポイント、プライベート エンドポイント、リージョン固有のアドレスなら"
     "安くなる可能性があります"},
    {"%s (%s) are logs and metrics, most of them to %s: what agents send, and how often, can be "
     "set",
     "%1$s (%2$s) はログとメトリックの送信です (主に %3$s)。エージェントが送る内容と頻度は設定で"
     "減らせます"},
    {"%s (%s) went to private addresses that no sites file names, and have no price: --sites",
     "%1$s (%2$s) がサイト ファイルにないプライベート アドレスに送信され、単価を決められません。"
     "--sites で指定してください"},
    {"%s packets (%s of those that left) are DNS: a cache on the VM, or one that works, would ask "
     "less",
     "送信パケットのうち %1$s 個 (%2$s) が DNS です。VM 上のキャッシュで問い合わせを減らせます"},
    {"at least %s (%s) of what left was sent again by TCP, for %s, most of it to %s: look for loss "
     "or throttling on the way there",
     "送信のうち少なくとも %1$s (%2$s、%3$s) は TCP の再送です (主に %4$s 宛て)。経路でのパケット"
     "損失や帯域制限を調べてください"},
    {"no TCP segment that left was seen to be sent again", "TCP の再送は見つかりませんでした"},
    {"%s frames (%s) are copies of packets seen on another interface and are not counted; a "
     "capture of the VM's network card alone is smaller and has none",
     "%1$s フレーム (%2$s) は別のインターフェイスで取得済みのパケットの重複で、集計していません。"
     "VM のネットワーク カードだけで取得すれば重複はなくなります"},
    {"the capture lasts %s, which tells little of a day: capture a day or more",
     "キャプチャの長さは %1$s で、1 日の様子を知るには短すぎます。1 日以上取得してください"},
    {"a part of the traffic is missing in every total: capture again, with a larger buffer and at "
     "least 96 bytes of each packet",
     "一部の通信がどの合計にも含まれていません。バッファーを大きくし、1 パケットあたり 96 "
     "バイト以上を"
     "指定して、取得し直してください"},
    {"%" PRIu64 " days lie between the capture and the address ranges of %s: --ranges with a file "
     "of its time",
     "キャプチャとアドレス範囲 (%2$s) の間に %1$" PRIu64
     " 日の差があります。当時のファイルを --ranges "
     "で指定してください"},
    {"%" PRIu64 " days lie between the capture and the prices of %s: a bill of its time may have "
     "others (--rates)",
     "キャプチャと価格表 (%2$s) の間に %1$" PRIu64
     " 日の差があります。当時の請求では単価が異なる場合が"
     "あります (--rates)"},
    {"traffic through a VPN gateway to a site without a region is priced as internet: --rates",
     "リージョンのない拠点への VPN ゲートウェイ経由の通信は、インターネットの単価で計算しました。"
     "--rates で指定してください"},
};

enum { TRANSLATIONS = sizeof translations / sizeof translations[0] };

const char *eg_translate(enum eg_language language, const char *format)
{
    if (language == EG_JAPANESE)
        for (size_t i = 0; i < TRANSLATIONS; i++)
            if (strcmp(translations[i].english, format) == 0)
                return translations[i].japanese;
    return format;
}

void eg_say_in_both(enum eg_language language, const char *format, va_list arguments, char *text,
                    size_t text_size, char *shown, size_t shown_size)
{
    va_list again;
    va_copy(again, arguments);
    vsnprintf(text, text_size, format, arguments);
    vsnprintf(shown, shown_size, eg_translate(language, format), again);
    va_end(again);
}

bool eg_translation_at(size_t index, enum eg_language language, const char **english,
                       const char **other)
{
    if (index >= TRANSLATIONS || language != EG_JAPANESE)
        return false;
    *english = translations[index].english;
    *other = translations[index].japanese;
    return true;
}
